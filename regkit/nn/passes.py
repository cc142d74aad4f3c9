"""The forward and backward passes of a batch through the layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from regkit.array_types import Array, read_only
from regkit.errors import InputError
from regkit.kernels.kernels import Kernels
from regkit.kernels.network import Network, WholeNetwork
from regkit.nn.layers import Layer
from regkit.nn.losses import Loss
from regkit.nn.score import Evaluation
from regkit.nn.workspace import Workspace

OutputGradients = Callable[[str, Array], Sequence[Array]]
"""Further gradients by the outputs of the layer of a name, (samples, n_outputs)."""

BLOCK = 4096
"""Rows per block of a prediction or an evaluation."""


class Passes:
    """The forward and backward passes of a model, with the arrays they write to, for one run.

    Args:
        layers: the model's.
        loss: the model's.
        dtype: the model's.
        rng: the generator of dropout; None outside training.
        kernels: the run's; NumPy's by default.
        rows: in the largest batch of a training, for which kernels may fuse the whole network;
            None outside training.
        full_batches: whether all batches are one and the same.
        output_gradients: further gradients by the outputs of layers, which are added in the
            backward pass; kernels then fuse nothing.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss,
        dtype: np.dtype[Any],
        *,
        rng: np.random.Generator | None = None,
        kernels: Kernels | None = None,
        rows: int | None = None,
        full_batches: bool = False,
        output_gradients: OutputGradients | None = None,
    ) -> None:
        kernels = kernels or Kernels()
        self.loss = loss
        self.rng = rng
        self.outputs: Array | None = None
        self.layer_outputs: dict[str, Array] = {}
        self.layers = [(layer, Workspace(dtype, rng, kernels)) for layer in layers]
        self._of_loss = Workspace(dtype, kernels=kernels)
        learning = [i for i, layer in enumerate(layers) if layer.trainable]
        self._lowest = learning[0] if learning else len(layers)
        self._output_gradients = output_gradients
        self._whole_network: WholeNetwork | None = None
        if rows is not None and output_gradients is None:
            network = _network(layers, loss, rows, full_batches)
            self._whole_network = None if network is None else kernels.whole_network(network)
        self._is_compared = False

    def forward(self, inputs: Array) -> Array:
        """The last layer's outputs, (samples, n_outputs), for inputs with a last column of ones."""
        values = inputs
        for layer, workspace in self.layers:
            values = layer.forward(values, workspace)
            if self._output_gradients is not None:
                self.layer_outputs[layer.name] = read_only(values[:, :-1])
        self.outputs = values[:, :-1]
        return self.outputs

    def compare(self, targets: Array) -> None:
        """Compare the outputs of the last forward pass with the targets: the loss's own pass."""
        assert self.outputs is not None
        self.loss.forward(self.outputs, targets, self._of_loss)
        self._is_compared = True

    def measure(self, inputs: Array, targets: Array, weights: Array | None = None) -> None:
        """A forward pass up to the loss, whose results `data_loss`, `tally` and `backward` use.

        Kernels that know the whole network write its gradients in the same pass.
        """
        if self._whole_network is not None:
            self.outputs = self._whole_network.gradients(inputs, targets, weights)
            self._is_compared = False
            return
        self.forward(inputs)
        self.compare(targets)

    def data_loss(self, targets: Array, weights: Array | None = None) -> float:
        """The data loss of the batch last measured, with sample weights of mean 1 if given."""
        if not self._is_compared:
            self.compare(targets)
        return self.loss.value(targets, self._of_loss, weights)

    def tally(self, targets: Array) -> float:
        """The tally (of correct predictions or squared errors) of the batch last measured."""
        if not self._is_compared:
            self.compare(targets)
        return self.loss.tally(targets, self._of_loss)

    def backward(self, targets: Array, weights: Array | None = None) -> None:
        """Write the data loss's gradients of the batch last measured to the layers' `gradients`."""
        if self._whole_network is not None:
            return
        values = self.loss.backward(targets, self._of_loss)
        if weights is not None:
            values *= weights[:, np.newaxis]
        self._propagate(values, self._output_gradients)

    def backward_from_outputs(self, output_gradients: OutputGradients) -> None:
        """Write the gradients of what depends on layers' outputs alone, without the data loss.

        The layers' `gradients` are to be 0 before; below the outputs they are overwritten.
        """
        self._propagate(None, output_gradients)

    def _propagate(self, values: Array | None, output_gradients: OutputGradients | None) -> None:
        # Nothing below the lowest trainable layer needs a gradient.
        for index in range(len(self.layers) - 1, self._lowest - 1, -1):
            layer, workspace = self.layers[index]
            if output_gradients is not None:
                for gradient in output_gradients(layer.name, self.layer_outputs[layer.name]):
                    values = np.array(gradient) if values is None else values + gradient
            if values is not None:
                values = layer.backward(values, workspace, need_dinputs=index > self._lowest)

    def evaluation(self, inputs: Array, targets: Array, weights: Array | None = None) -> Evaluation:
        """Data loss and score on prepared inputs and targets, block by block.

        Raises:
            InputError: there are no rows.
        """
        if not len(inputs):
            raise InputError("there are no rows to evaluate")
        loss = tally = 0.0
        for rows in blocks(len(inputs)):
            self.measure(inputs[rows], targets[rows])
            weighed = None if weights is None else weights[rows]
            loss += self.data_loss(targets[rows], weighed) * len(targets[rows])
            tally += self.tally(targets[rows])
        return Evaluation(loss / len(inputs), self.loss.score(tally, targets))


def blocks(rows: int) -> Iterator[slice]:
    """The slices of so many rows, `BLOCK` at a time."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))


def _network(layers: Sequence[Layer], loss: Loss, rows: int, full_batches: bool) -> Network | None:
    """What kernels are told; None if they cannot know a layer or the loss."""
    described = [layer.as_network_layer() for layer in layers]
    known = [one for one in described if one is not None]
    name = loss.as_network_loss()
    if name is None or len(known) < len(layers):
        return None
    return Network(known, name, rows, full_batches)
