"""The penalties of a network at the parameters of one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regkit.hooks.modes import Mode
from regkit.hooks.run_plugin import RunPlugin
from regkit.jax.layers import ByLeaf
from regkit.jax.network import Network


@dataclass(frozen=True)
class AtParameters:
    """The penalties of a network at parameters of one step.

    Attributes:
        network: whose they are.
        arrays: the parameters, by leaf.
        epoch: by which schedules go.
        factors: what multiplies each penalty outside of its hooks, or None.
    """

    network: Network
    arrays: ByLeaf
    epoch: Any
    factors: Sequence[Any]

    def gradients(self, mode: Mode) -> dict[int, Any]:
        """The sum of the gradients of all penalties in a mode."""
        return self.network.gradients(mode, self.arrays, self.epoch, self._factor)

    def points(self, mode: Mode, arrays: ByLeaf, steps: Any) -> dict[int, Any]:
        """The proximal points or projections at other arrays."""
        return self.network.points(mode, arrays, steps, self.epoch, self._factor)

    def _factor(self, plugin: RunPlugin) -> Any:
        return self.factors[self.network.hooks.plugins.index(plugin)]
