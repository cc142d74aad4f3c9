"""The fully connected layer."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from regkit.arguments import integer, number
from regkit.array_types import Array
from regkit.errors import InputError
from regkit.kernels.network import NetworkLayer
from regkit.nn.layers.parameter_layer import ParameterLayer
from regkit.nn.workspace import Workspace
from regkit.regularizers import L1, L2, Regularizer

Init = Literal["normal", "he", "glorot"]


class Dense(ParameterLayer):
    """outputs = inputs · weights + biases.

    `weights` has shape (n_inputs, n_neurons) and starts at 0.01 · randn (`init="normal"`, the
    book's), √(2 / n_inputs) · randn (`"he"`) or √(2 / (n_inputs + n_neurons)) · randn (`"glorot"`);
    `biases` has shape (1, n_neurons) and starts at 0. The parameters of a layer with
    `trainable=False` do not change.

    The strengths stand for `L1` and `L2` on this layer's weights or biases, as in the chapter.

    Source: *Neural Networks from Scratch*, chapters 3, 4, 9 and 14; He et al. (2015); Glorot &
    Bengio (2010).

    Raises:
        InputError: a size is not a positive integer, or `init` is unknown.
    """

    kind = "dense"
    n_inputs: int

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
        super().__init__(
            {"weights": (self.n_inputs, self.n_neurons), "biases": (1, self.n_neurons)},
            trainable=trainable,
        )

    @property
    def weights(self) -> Array:
        """(n_inputs, n_neurons)."""
        return self._store.params["weights"]

    @property
    def biases(self) -> Array:
        """(1, n_neurons)."""
        return self._store.params["biases"]

    @property
    def dweights(self) -> Array:
        """The gradient with respect to the weights, of their shape."""
        return self._store.grads["weights"]

    @property
    def dbiases(self) -> Array:
        """The gradient with respect to the biases, of their shape."""
        return self._store.grads["biases"]

    @property
    def augmented(self) -> Array:
        """[weights; biases], (n_inputs + 1, n_neurons)."""
        return self._store.values.reshape(self.n_inputs + 1, self.n_neurons)

    @property
    def daugmented(self) -> Array:
        """The gradient with respect to [weights; biases], of their shape."""
        return self._store.gradients.reshape(self.n_inputs + 1, self.n_neurons)

    def settings(self) -> dict[str, Any]:
        """The arguments that construct a layer like this one."""
        return {
            "n_inputs": self.n_inputs,
            "n_neurons": self.n_neurons,
            "weight_l1": self.weight_l1,
            "weight_l2": self.weight_l2,
            "bias_l1": self.bias_l1,
            "bias_l2": self.bias_l2,
            "init": self.init,
            "trainable": self.trainable,
        }

    def as_network_layer(self) -> NetworkLayer | None:
        """`dense`, unless a subclass computes something else."""
        if type(self) is not Dense:
            return None
        return NetworkLayer("dense", self.augmented, self.daugmented if self.trainable else None)

    def regularizers(self) -> list[Regularizer]:
        """The strengths given to the layer, as regularizers."""
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
            InputError: the previous layer's number of outputs is not this one's number of inputs.
        """
        if n_inputs != self.n_inputs:
            raise InputError(
                f"{self.name}: takes {self.n_inputs} inputs, but gets {n_inputs}: "
                f"make it Dense({n_inputs}, {self.n_neurons})"
            )
        return self.n_neurons

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw the weights (in float64, so that both dtypes start equal) and zero the biases."""
        scale = {
            "normal": 0.01,
            "he": math.sqrt(2 / self.n_inputs),
            "glorot": math.sqrt(2 / (self.n_inputs + self.n_neurons)),
        }[self.init]
        for row in self.weights:
            row[...] = scale * rng.standard_normal(self.n_neurons)
        self.biases[...] = 0

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """`inputs` · [weights; biases]: the last column of `inputs`, ones, adds the biases."""
        workspace.kept["inputs"] = inputs
        outputs = workspace.activations("outputs", len(inputs), self.n_neurons)
        np.matmul(inputs, self.augmented, out=outputs[:, :-1])
        return outputs

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """`dweights` = inputsᵀ · doutputs, `dbiases` its sums, `dinputs` = doutputs · weightsᵀ."""
        inputs = workspace.kept["inputs"]
        if self.trainable:
            np.matmul(inputs.T, doutputs, out=self.daugmented)
        if not need_dinputs:
            return doutputs
        dinputs = workspace.array("dinputs", len(doutputs), self.n_inputs)
        return np.matmul(doutputs, self.weights.T, out=dinputs)
