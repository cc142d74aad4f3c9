"""The hyperbolic tangent activation."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import NetworkLayer
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace


class Tanh(Layer):
    """outputs = tanh(inputs); the derivative is 1 − tanh²."""

    kind = "tanh"

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """`tanh(inputs)`."""
        rows, columns = inputs.shape
        activations = workspace.activations("outputs", rows, columns - 1)
        outputs = np.tanh(inputs[:, :-1], out=activations[:, :-1])
        workspace.kept["outputs"] = outputs
        return activations

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """`doutputs` · (1 − tanh²)."""
        workspace.kernels.tanh_gradient(workspace.kept["outputs"], doutputs)
        return doutputs

    def as_network_layer(self) -> NetworkLayer | None:
        """`tanh`, unless a subclass computes something else."""
        return NetworkLayer("tanh") if type(self) is Tanh else None
