"""Biases that receive no gradient from the data, only an L1-like penalty.

At a bias of 0 such a penalty has a gradient of λ, and an adaptive optimizer, which divides by the
gradient's magnitude, moves the bias by the full learning rate whatever λ is.
"""

from __future__ import annotations

import numpy as np

from regkit.hooks import RunHooks
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.warn import warn

BIASES = "biases"


class IdleBiases:
    """Looks for such biases whenever a record is due, and warns once per layer."""

    def __init__(self, model: Model, hooks: RunHooks, optimizer: Optimizer) -> None:
        self.optimizer = type(optimizer).__name__
        self._watched = {
            layer.name: layer.gradients[BIASES]
            for layer in model.parameter_layers
            if layer.trainable
            and optimizer.adaptive
            and any(
                plugin.sparsifying and BIASES in (plugin.selected(layer) or ())
                for plugin in hooks.plugins
            )
        }
        self._ways = ["leave the biases out", f"use SGD instead of {self.optimizer}"]
        if any(hasattr(plugin.plugin, "at_zero") for plugin in hooks.plugins):
            self._ways.append("set at_zero=0.0")
        self._idle: dict[str, np.ndarray] = {}

    def look_before_penalties(self) -> None:
        """Remember which biases receive no gradient from the data loss."""
        self._idle = {name: gradient == 0 for name, gradient in self._watched.items()}

    def warn_after_penalties(self) -> None:
        """Warn about those that a penalty moves."""
        for name, idle in self._idle.items():
            moved = np.count_nonzero(self._watched[name][idle])
            if not moved:
                continue
            del self._watched[name]
            warn(
                f"{moved} of the biases of {name} receive no gradient from the data, only an "
                f"L1-like penalty, and {self.optimizer} moves each by the full learning rate "
                "at any strength: " + ", or ".join(self._ways)
            )
