"""Dropout."""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.arguments import number
from regkit.array_types import Array
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace


class Dropout(Layer):
    """In training, sets a fraction `rate` of its inputs to 0 and divides the rest by 1 − rate.

    Outside training it returns its inputs unchanged. The run's seed determines what is dropped.

    Source: *Neural Networks from Scratch*, chapter 15; Srivastava et al. (2014).

    Raises:
        InputError: `rate` is not in [0, 1).
    """

    kind = "dropout"

    def __init__(self, rate: float) -> None:
        self.rate = number("rate", rate, least=0, below=1)

    def settings(self) -> dict[str, Any]:
        """The rate."""
        return {"rate": self.rate}

    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """`inputs` · mask in training, the inputs themselves otherwise."""
        if workspace.rng is None:
            return inputs
        rows, columns = inputs.shape
        mask = workspace.array("mask", rows, columns - 1)
        kept = workspace.rng.random((columns - 1, rows), dtype=np.float32) >= self.rate
        np.multiply(kept.T, 1 / (1 - self.rate), out=mask)
        activations = workspace.activations("outputs", rows, columns - 1)
        np.multiply(inputs[:, :-1], mask, out=activations[:, :-1])
        workspace.kept["mask"] = mask
        return activations

    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """`doutputs` · mask; `doutputs` themselves outside training, as in `forward`."""
        if workspace.rng is None:
            return doutputs
        return np.multiply(doutputs, workspace.kept["mask"], out=doutputs)
