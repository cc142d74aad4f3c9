"""The sigmoid activation."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import NetworkLayer
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace


class Sigmoid(Layer):
    """outputs = σ(inputs) = 1 / (1 + exp(−inputs)); the derivative is σ (1 − σ).

    Source: *Neural Networks from Scratch*, chapter 16.
    """

    kind = "sigmoid"

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """½ (1 + tanh(½ inputs)), which is the same function and cannot overflow."""
        rows, columns = inputs.shape
        activations = workspace.activations("outputs", rows, columns - 1)
        outputs = activations[:, :-1]
        np.multiply(inputs[:, :-1], 0.5, out=outputs)
        np.tanh(outputs, out=outputs)
        outputs += 1
        outputs *= 0.5
        workspace.kept["outputs"] = outputs
        return activations

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """`doutputs` · σ (1 − σ)."""
        workspace.kernels.sigmoid_gradient(workspace.kept["outputs"], doutputs)
        return doutputs

    def as_network_layer(self) -> NetworkLayer | None:
        """`sigmoid`, unless a subclass computes something else."""
        return NetworkLayer("sigmoid") if type(self) is Sigmoid else None
