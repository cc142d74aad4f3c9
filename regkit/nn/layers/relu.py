"""The rectified linear activation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.compiled import kernels_for
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace

Array = NDArray[Any]


class ReLU(Layer):
    """outputs = max(inputs, 0); the gradient passes where the input is above 0.

    Source: *Neural Networks from Scratch*, chapters 4 and 9.
    """

    kind = "relu"

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """Max(inputs, 0)."""
        rows, columns = inputs.shape
        outputs = workspace.array("outputs", rows, columns)
        # An array of zeros is three times faster to compare with than the scalar 0, and the
        # column of ones stays as it is.
        np.maximum(inputs, workspace.zeros(rows, columns), out=outputs)
        workspace.kept["outputs"] = outputs
        return outputs

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """Doutputs where the input was above 0, else 0."""
        outputs = workspace.kept["outputs"]
        if workspace.compiled and outputs.flags.f_contiguous and doutputs.flags.f_contiguous:
            flat, dflat = outputs.T.reshape(-1), doutputs.T.reshape(-1)
            kernels_for("relu").let_through(flat, dflat, dflat.size)
            return doutputs
        rows, columns = doutputs.shape
        positive = workspace.array("positive", rows, columns, np.bool_)
        np.greater(outputs[:, :-1], 0, out=positive)
        return np.multiply(doutputs, positive, out=doutputs)
