"""Penalties that distinguish neurons and inputs, however a framework stores its weights."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from regkit import Regularizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]


class Oriented(Regularizer):
    """A penalty whose `value`, `grad` and `prox` always see neurons along the last axis.

    regkit's own layers store weights as (n_inputs, n_neurons); others store the transpose and say
    so in `layer.output_axis`. The hooks transpose the weights first, and transpose the result back.
    `output_axis` applies to `weights`; every other parameter is used unchanged.
    """

    def penalty(self, layer: Any) -> float | None:
        """The sum of `value` over the selected arrays, × strength; None if there are none."""
        return super().penalty(_turned(layer))

    def penalty_grad(self, layer: Any) -> Arrays | None:
        """The `grad` of each selected array, × strength, in the layer's layout; None for none."""
        return _turned_back(layer, super().penalty_grad(_turned(layer)))

    def penalty_prox(self, layer: Any, step: float) -> Arrays | None:
        """The `prox(w, step × strength)` of each selected array, in the layer's layout."""
        return _turned_back(layer, super().penalty_prox(_turned(layer), step))


def _turned(layer: Any) -> SimpleNamespace:
    """The layer with neurons along the last axis of its weights, as views without copies."""
    params = {
        name: np.moveaxis(array, _output_axis(layer), -1) if name == "weights" else array
        for name, array in layer.params.items()
    }
    return SimpleNamespace(name=layer.name, params=params)


def _turned_back(layer: Any, results: Arrays | None) -> Arrays | None:
    if results is None:
        return None
    return {
        name: np.moveaxis(array, -1, _output_axis(layer)) if name == "weights" else array
        for name, array in results.items()
    }


def _output_axis(layer: Any) -> int:
    return int(getattr(layer, "output_axis", -1))
