"""Every penalty of this repository as a case, and arrays for it to work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any

import numpy as np

import regkit as rk
from regkit.catalogue.own_plugins import OWN_PLUGINS

BUILT_IN = {"l1", "l2", "elastic_net"}
NAMES = BUILT_IN.union(*OWN_PLUGINS.values())
FILES = {
    "adaptive_lasso": ("reference",),
    "ewc": ("reference", "importance"),
    "l2_sp": ("reference",),
    "support": ("of",),
}
SMOOTH = {"ewc", "l2_sp"}
"""Differentiable at 0, with a gradient there that depends on the reference."""


@dataclass(frozen=True)
class Case:
    """A penalty's name in specs, its fields, and its documented subgradient at 0."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    at_zero: float = 0.0

    def __str__(self) -> str:
        given = ",".join(f"{key}={value}" for key, value in self.fields.items() if key != "on")
        return f"{self.name}({given})" if given else self.name

    @property
    def penalty_class(self) -> Any:
        """The class behind the entry point."""
        (point,) = (
            one
            for one in entry_points(group="regkit", name=self.name)
            if one.dist is not None and one.dist.name in {"regkit-nn", *OWN_PLUGINS}
        )
        return point.load()

    def penalty(self, folder: Any, shape: tuple[int, ...]) -> Any:
        """The penalty for strength 1; its files hold arrays of `shape`."""
        files = {}
        for seed, name in enumerate(FILES.get(self.name, ()), start=7):
            array = np.random.default_rng(seed).uniform(0.1, 2, shape)
            if self.name == "support":
                array[array < 1] = 0
            np.save(folder / f"{name}.npy", array)
            files[name] = rk.File(folder / f"{name}.npy")
        return self.penalty_class(**self.fields, **files)

    def drawn(self, shape: tuple[int, int], dtype: str = "float64", seed: int = 0) -> Any:
        """Normal numbers: one array, or {layer: {parameter: array}} of two layers that chain."""
        rng = np.random.default_rng(seed)
        if not issubclass(self.penalty_class, rk.ModelRegularizer):
            return rng.standard_normal(shape).astype(dtype)
        sizes = (*shape, 2)
        return {
            f"dense{n}": {
                "weights": rng.standard_normal(sizes[n - 1 : n + 1]).astype(dtype),
                "biases": rng.standard_normal((1, sizes[n])).astype(dtype),
            }
            for n in (1, 2)
        }


CASES = [
    Case("l1", at_zero=1.0),
    Case("l1", {"at_zero": -0.5}, at_zero=-0.5),
    Case("l2"),
    Case("elastic_net", {"l1_ratio": 0.3}, at_zero=0.3),
    Case("activity_l1", {"on": "relu1"}),
    Case("activity_l2", {"on": "relu1"}),
    Case("decorrelation", {"on": "relu1"}),
    Case("box", {"low": -0.4, "high": 0.6}),
    Case("max_norm", {"radius": 0.8}),
    Case("max_norm", {"radius": 0.8, "groups": "outgoing"}),
    Case("non_negative"),
    Case("simplex", {"total": 0.7}),
    Case("simplex", {"total": 0.7, "groups": "outgoing"}),
    Case("support"),
    Case("unit_norm"),
    Case("unit_norm", {"groups": "outgoing"}),
    Case("group_lasso"),
    Case("group_lasso", {"groups": "outgoing"}),
    Case("group_mcp", {"gamma": 0.6}),
    Case("group_mcp", {"gamma": 1.5, "groups": "outgoing"}),
    Case("path_norm", {"p": 1}),
    Case("path_norm", {"p": 2}),
    Case("neuron_groups"),
    Case("capped_l1", {"cap": 0.5}),
    Case("l_half"),
    Case("log_sum", {"epsilon": 0.2}),
    Case("mcp", {"gamma": 0.7}),
    Case("scad", {"knee": 0.3, "a": 3.0}),
    Case("hoyer_square"),
    Case("nuclear_norm"),
    Case("orthogonal"),
    Case("orthogonal", {"vectors": "rows"}),
    Case("sorted_l1", {"q": 0.3}),
    Case("spectral_norm"),
    Case("total_variation"),
    Case("total_variation", {"along": "neurons"}),
    Case("sparse_group_lasso", {"l1_ratio": 0.3}),
    Case("sparse_group_lasso", {"l1_ratio": 0.7, "groups": "outgoing"}),
    Case("adaptive_lasso", {"gamma": 0.8}),
    Case("ewc"),
    Case("l2_sp"),
]
PENALTIES = [case for case in CASES if case.name not in OWN_PLUGINS["regkit-constraints"]]
WITHOUT_PROX = {*OWN_PLUGINS["regkit-activity"], "path_norm", "hoyer_square", "orthogonal"}
BRIDGED = {"sorted_l1", "total_variation"}
"""Their proximal points are NumPy's alone."""
WITH_PROX = [case for case in CASES if case.name not in WITHOUT_PROX | BRIDGED]
