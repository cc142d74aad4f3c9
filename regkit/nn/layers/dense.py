"""The fully connected layer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from regkit.arguments import integer, number
from regkit.errors import InputError
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace
from regkit.regularizers import L1, L2, Regularizer

Array = NDArray[Any]
Init = Literal["normal", "he", "glorot"]


class Dense(Layer):
    """outputs = inputs · weights + biases.

    `weights` has shape (n_inputs, n_neurons) and starts at 0.01 · randn (`init="normal"`, the
    book's), √(2 / n_inputs) · randn (`"he"`) or √(2 / (n_inputs + n_neurons)) · randn (`"glorot"`);
    `biases` has shape (1, n_neurons) and starts at 0. A layer with `trainable=False` keeps its
    parameters.

    The strengths are the chapter's spelling of `L1` and `L2` on this layer's weights or biases.

    Source: *Neural Networks from Scratch*, chapters 3, 4, 9 and 14; He et al. (2015); Glorot &
    Bengio (2010).

    Raises:
        InputError: a size is not a positive integer, or `init` is unknown.
    """

    kind = "dense"
    output_axis = -1

    def __init__(
        self,
        n_inputs: int,
        n_neurons: int,
        *,
        weight_l1: float = 0,
        weight_l2: float = 0,
        bias_l1: float = 0,
        bias_l2: float = 0,
        init: Init = "normal",
        trainable: bool = True,
    ) -> None:
        if init not in ("normal", "he", "glorot"):
            raise InputError(f"Dense: init must be 'normal', 'he' or 'glorot', got {init!r}")
        self.n_inputs = integer("n_inputs", n_inputs, least=1)
        self.n_neurons = integer("n_neurons", n_neurons, least=1)
        self.weight_l1 = number("weight_l1", weight_l1, least=0)
        self.weight_l2 = number("weight_l2", weight_l2, least=0)
        self.bias_l1 = number("bias_l1", bias_l1, least=0)
        self.bias_l2 = number("bias_l2", bias_l2, least=0)
        self.init = init
        self.trainable = trainable
        self._params = np.zeros((self.n_inputs + 1, self.n_neurons), dtype=np.float32)
        self._grads = np.zeros_like(self._params)

    @property
    def size(self) -> int:
        """The number of parameters."""
        return (self.n_inputs + 1) * self.n_neurons

    @property
    def weights(self) -> Array:
        """(n_inputs, n_neurons)."""
        return self._params[:-1]

    @property
    def biases(self) -> Array:
        """(1, n_neurons)."""
        return self._params[-1:]

    @property
    def dweights(self) -> Array:
        """The gradient by the weights, of their shape."""
        return self._grads[:-1]

    @property
    def dbiases(self) -> Array:
        """The gradient by the biases, of their shape."""
        return self._grads[-1:]

    @property
    def augmented(self) -> Array:
        """[weights; biases], (n_inputs + 1, n_neurons)."""
        return self._params

    @property
    def daugmented(self) -> Array:
        """The gradient by [weights; biases], of their shape."""
        return self._grads

    @property
    def params(self) -> Mapping[str, Array]:
        """`weights` and `biases`; writing into the arrays sets them."""
        return MappingProxyType({"weights": self.weights, "biases": self.biases})

    @property
    def grads(self) -> Mapping[str, Array]:
        """The gradients of the last backward pass by name, to look at (read-only)."""
        shown = {"weights": self.dweights, "biases": self.dbiases}
        for array in shown.values():
            array.flags.writeable = False
        return MappingProxyType(shown)

    def regularizers(self) -> list[Regularizer]:
        """The strengths given to the layer, as the regularizers that they stand for."""
        return [
            cls(strength, on=f"{self.name}.{parameter}")
            for cls, strength, parameter in (
                (L1, self.weight_l1, "weights"),
                (L1, self.bias_l1, "biases"),
                (L2, self.weight_l2, "weights"),
                (L2, self.bias_l2, "biases"),
            )
            if strength > 0
        ]

    def n_outputs(self, n_inputs: int) -> int:
        """The number of neurons.

        Raises:
            InputError: the layer before gives another number of features than this one takes.
        """
        if n_inputs != self.n_inputs:
            raise InputError(
                f"{self.name}: takes {self.n_inputs} inputs, but {n_inputs} reach it: "
                f"make it Dense({n_inputs}, {self.n_neurons})"
            )
        return self.n_neurons

    def place(self, params: Array, grads: Array) -> None:
        """Let the parameters and gradients be views into these flat buffers."""
        self._params = params.reshape(self.n_inputs + 1, self.n_neurons)
        self._grads = grads.reshape(self.n_inputs + 1, self.n_neurons)

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw the weights (in float64, so that both dtypes start alike) and zero the biases."""
        scale = {
            "normal": 0.01,
            "he": math.sqrt(2 / self.n_inputs),
            "glorot": math.sqrt(2 / (self.n_inputs + self.n_neurons)),
        }[self.init]
        for row in self.weights:
            row[...] = scale * rng.standard_normal(self.n_neurons)
        self.biases[...] = 0

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """Inputs · [weights; biases]: the ones in the inputs' last column bring the biases in."""
        workspace.kept["inputs"] = inputs
        outputs = workspace.activations("outputs", len(inputs), self.n_neurons)
        np.matmul(inputs, self._params, out=outputs[:, :-1])
        return outputs

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """Dweights = inputsᵀ · doutputs, dbiases = column sums, dinputs = doutputs · weightsᵀ."""
        inputs = workspace.kept["inputs"]
        if self.trainable:
            np.matmul(inputs.T, doutputs, out=self._grads)
        if not need_dinputs:
            return doutputs
        dinputs = workspace.array("dinputs", len(doutputs), self.n_inputs)
        return np.matmul(doutputs, self.weights.T, out=dinputs)
