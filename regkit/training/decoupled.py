"""Penalties in mode `decoupled`: w ← w − lr · gradient, beside the optimizer's step."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.hooks import RunHooks
from regkit.hooks.modes import DECOUPLED
from regkit.kernels.kernels import Kernels
from regkit.nn.model import Model


class Decoupled:
    """The gradients of these penalties at the parameters before a step, and their part of it.

    With L2 of strength λ this is AdamW with a weight decay of 2λ.

    Source: Loshchilov & Hutter (2019), *Decoupled weight decay regularization*.
    """

    def __init__(self, model: Model, hooks: RunHooks, kernels: Kernels) -> None:
        self.gradients: Array = np.empty_like(model.parameters)
        self._model = model
        self._hooks = hooks
        self._kernels = kernels
        self._spans = model.trainable_spans
        self._layers = [
            layer.adding_to(
                {
                    name: self.gradients[model.span(layer.name, name)].reshape(array.shape)
                    for name, array in layer.params.items()
                },
                kernels,
            )
            for layer in hooks.layers
        ]

    def measure(self) -> None:
        """Compute the gradients at the present parameters."""
        self.gradients[...] = 0
        for view, layer in zip(self._layers, self._hooks.layers, strict=True):
            view.epoch = layer.epoch
        self._hooks.add_gradients(DECOUPLED, self._layers)
        self._kernels.settle()

    def step(self, lr: float) -> None:
        """Subtract lr × the measured gradients."""
        for span in self._spans:
            self._model.parameters[span] -= lr * self.gradients[span]
