"""A network of one narrow hidden layer, taken in one go by compiled kernels.

The chapter's network is one. Its layers spend their time writing the hidden layer to memory and
reading it again, which these kernels never do.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from regkit.compiled import kernels_for
from regkit.nn.layers import Dense, Layer, ReLU
from regkit.nn.workspace import Workspace

Array = NDArray[Any]

NARROW = 5
"""Inputs and outputs up to which the kernels gain: at 3000 samples and 64 neurons they take 0.54 of
NumPy's time with 2 and 3, 0.84 with 5 and 5, and 1.36 with 8 and 8."""

BLOCK = 1024
"""Samples at a time: two rows of them stay in the first-level cache."""


class OneHiddenLayer:
    """Dense, ReLU and Dense in one: what their `forward` and `backward` compute, to rounding.

    Args:
        layers: layers that `fits` says yes to.
        workspace: where the arrays come from.
    """

    def __init__(self, layers: list[Layer], workspace: Workspace) -> None:
        first, _, second = layers
        assert isinstance(first, Dense)
        assert isinstance(second, Dense)
        self.first, self.second = first, second
        self._workspace = workspace
        self._kernels = kernels_for("one_hidden_layer")

    @staticmethod
    def fits(layers: list[Layer]) -> bool:
        """Whether the layers are these three, trainable, with few inputs and outputs."""
        if [type(layer) for layer in layers] != [Dense, ReLU, Dense]:
            return False
        first, _, second = layers
        assert isinstance(first, Dense)
        assert isinstance(second, Dense)
        narrow = max(first.n_inputs, second.n_neurons) <= NARROW
        return narrow and first.trainable and second.trainable

    def forward(self, inputs: Array) -> Array:
        """The outputs, (samples, n_outputs), of inputs with a last column of ones.

        Inputs lie in memory as in the layers: the samples of one feature next to each other.
        """
        outputs = self._workspace.array("outputs", len(inputs), self.second.n_neurons)
        self._workspace.kept["inputs"] = inputs
        self._kernels.forward(
            inputs.T, self.first.augmented, self.second.augmented, outputs.T, self._block("hidden")
        )
        return outputs

    def backward(self, doutputs: Array) -> None:
        """The gradients of both layers, into their `grads`."""
        self._kernels.backward(
            self._workspace.kept["inputs"].T,
            self.first.augmented,
            self.second.augmented,
            doutputs.T,
            self.first.daugmented,
            self.second.daugmented,
            self._block("hidden"),
            self._block("dhidden"),
        )

    def _block(self, name: str) -> Array:
        block: Array = self._workspace.array(name, BLOCK, 1)[:, 0]
        return block
