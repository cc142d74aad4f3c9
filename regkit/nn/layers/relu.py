"""The rectified linear activation."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import NetworkLayer
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace


class ReLU(Layer):
    """outputs = max(inputs, 0); the gradient passes where the input is above 0.

    Source: *Neural Networks from Scratch*, chapters 4 and 9.
    """

    kind = "relu"

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """`max(inputs, 0)`."""
        rows, columns = inputs.shape
        outputs = workspace.array("outputs", rows, columns)
        # An array of zeros is three times faster to compare with than the scalar 0, and the
        # column of ones stays as it is.
        np.maximum(inputs, workspace.zeros(rows, columns), out=outputs)
        workspace.kept["outputs"] = outputs
        return outputs

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """`doutputs` where the input was above 0, else 0."""
        workspace.kernels.relu_gradient(workspace.kept["outputs"][:, :-1], doutputs)
        return doutputs

    def as_network_layer(self) -> NetworkLayer | None:
        """`relu`, unless a subclass computes something else."""
        return NetworkLayer("relu") if type(self) is ReLU else None
