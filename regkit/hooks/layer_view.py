"""The view of a layer that a hook is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from regkit.array_libraries import zeros_like
from regkit.array_types import Array, Arrays, read_only
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.kernels import Kernels

Names = Mapping[str, Sequence[tuple[str, str]]]
NO_NAMES: Names = MappingProxyType({})


class LayerView:
    """A layer as plugins see it: its name, read-only parameters, and the epoch.

    The arrays are views, so that one object serves a whole run. Read-only protects against
    accidents: a plugin that writes to a parameter gets NumPy's error.

    Attributes:
        name: the layer's, such as `dense1`.
        params: the parameters by name, read-only.
        accumulation: the host's business: where gradients are added in place, or None.
        epoch: the epoch of the step, counted from 0; None outside training.
        also: the other names of parameters by which selectors find them, as (layer, parameter):
            those of the framework in which the network lives.
        selections: the host's business: what selectors were found to select, so that a run looks
            once.
    """

    def __init__(
        self,
        name: str,
        params: Arrays,
        accumulation: Accumulation | None = None,
        epoch: int | None = None,
        also: Names = NO_NAMES,
    ) -> None:
        self.name = name
        self.params: Arrays = MappingProxyType({one: read_only(a) for one, a in params.items()})
        self.accumulation = accumulation
        self.epoch = epoch
        self.also = also
        self.selections: dict[object, Arrays] = {}

    def __repr__(self) -> str:
        return f"<LayerView {self.name}: {', '.join(self.params)}>"

    def __getattr__(self, name: str) -> Array:
        # `layer.weights` is short for `layer.params["weights"]`, whatever a layer's parameters are.
        params: Arrays = self.__dict__.get("params", {})
        if name in params:
            return params[name]
        raise AttributeError(f"layer {self.__dict__.get('name')} has no parameter {name!r}")

    def adding_to(self, sums: Arrays, kernels: Kernels) -> LayerView:
        """The layer with other arrays to add gradients to."""
        return LayerView(self.name, self.params, Accumulation(sums, kernels), self.epoch, self.also)

    def apart(self, params: Arrays | None = None) -> LayerView:
        """The layer with separate sums, all zero, and with other parameters if given."""
        shown = self.params if params is None else params
        sums = {name: zeros_like(array) for name, array in shown.items()}
        kernels = self.accumulation.kernels if self.accumulation else Kernels()
        return LayerView(self.name, shown, Accumulation(sums, kernels), self.epoch, self.also)
