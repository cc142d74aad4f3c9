"""The hyperbolic tangent activation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace

Array = NDArray[Any]


class Tanh(Layer):
    """outputs = tanh(inputs); the derivative is 1 − tanh²."""

    kind = "tanh"

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """Tanh(inputs)."""
        rows, columns = inputs.shape
        activations = workspace.activations("outputs", rows, columns - 1)
        outputs = np.tanh(inputs[:, :-1], out=activations[:, :-1])
        workspace.kept["outputs"] = outputs
        return activations

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """Doutputs · (1 − tanh²)."""
        outputs = workspace.kept["outputs"]
        slope = workspace.array("slope", *doutputs.shape)
        np.multiply(outputs, outputs, out=slope)
        np.subtract(1, slope, out=slope)
        return np.multiply(doutputs, slope, out=doutputs)
