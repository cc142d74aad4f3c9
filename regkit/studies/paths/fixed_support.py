"""Weights that are 0 stay 0: the constraint under which a chosen support is refitted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from regkit.array_types import Array, Arrays
from regkit.hookspecs import Layer, hookimpl


class FixedSupport:
    """Keeps parameters at 0 outside of their support.

    Args:
        support: {layer: {parameter: boolean array}}, true where a parameter is free.
    """

    mode = "constraint"
    array_step = True

    def __init__(self, support: Mapping[str, Mapping[str, Array]]) -> None:
        self._support = support

    def selected(self, layer: Layer) -> list[str]:
        """The parameters of the layer that have a support."""
        return list(self._support.get(layer.name, {}))

    def answers(self, layer: Layer) -> bool:
        """Whether `penalty` returns a number."""
        return layer.name in self._support

    @hookimpl
    def penalty(self, layer: Layer) -> float | None:
        """0, since the points hold."""
        return 0.0 if layer.name in self._support else None

    @hookimpl
    def penalty_grad(self, layer: Layer) -> None:
        """None: it acts by its points."""

    @hookimpl
    def penalty_prox(self, layer: Layer, step: float) -> Arrays | None:
        """The parameters, with 0 outside of the support."""
        support = self._support.get(layer.name)
        if support is None:
            return None
        return {
            name: np.where(free, layer.params[name], np.zeros_like(layer.params[name]))
            for name, free in support.items()
        }
