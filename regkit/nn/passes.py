"""Sending a batch through a model's layers, forward and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regkit.nn.one_hidden_layer import OneHiddenLayer
from regkit.nn.workspace import Workspace

if TYPE_CHECKING:
    from regkit.nn.model import Model

Array = NDArray[Any]


class Passes:
    """A model's forward and backward passes, with the arrays they write to: one run's own.

    Args:
        model: the model.
        rng: where dropout draws from; None means that this is not training.
        compiled: whether the run wants compiled kernels.
        whole: whether batches are all rows, with samples along memory, so that kernels may take a
            network in one go.
    """

    def __init__(
        self,
        model: Model,
        rng: np.random.Generator | None = None,
        *,
        compiled: bool = False,
        whole: bool = False,
    ) -> None:
        self.model = model
        self.layers = [
            (layer, Workspace(model.dtype, rng, compiled=compiled)) for layer in model.layers
        ]
        self.of_loss = Workspace(model.dtype)
        learning = [i for i, layer in enumerate(model.layers) if layer.trainable]
        self._lowest = learning[0] if learning else len(model.layers)
        self._in_one_go = (
            OneHiddenLayer(model.layers, Workspace(model.dtype))
            if compiled and whole and OneHiddenLayer.fits(model.layers)
            else None
        )

    def forward(self, inputs: Array) -> Array:
        """The last layer's outputs, (samples, n_outputs), for inputs with a last column of ones."""
        if self._in_one_go is not None:
            return self._in_one_go.forward(inputs)
        values = inputs
        for layer, workspace in self.layers:
            values = layer.forward(values, workspace)
        return values[:, :-1]

    def measure(self, inputs: Array, targets: Array) -> None:
        """A forward pass up to the loss, which `data_loss`, `tally` and `backward` then look at."""
        self.model.loss.forward(self.forward(inputs), targets, self.of_loss)

    def data_loss(self, targets: Array) -> float:
        """The data loss of the batch last measured."""
        return self.model.loss.value(targets, self.of_loss)

    def tally(self, targets: Array) -> float:
        """The tally (of right answers or squared errors) of the batch last measured."""
        return self.model.loss.tally(targets, self.of_loss)

    def backward(self, targets: Array) -> None:
        """The data loss's gradients of the batch last measured, into the layers' `grads`."""
        values = self.model.loss.backward(targets, self.of_loss)
        if self._in_one_go is not None:
            self._in_one_go.backward(values)
            return
        # Nothing below the lowest trainable layer needs a gradient.
        for index in range(len(self.layers) - 1, self._lowest - 1, -1):
            layer, workspace = self.layers[index]
            values = layer.backward(values, workspace, need_dinputs=index > self._lowest)
