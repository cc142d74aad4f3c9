"""A network of one narrow hidden layer, fused.

The chapter's network is one. Separate layers spend their time writing the hidden layer to memory
and reading it again, which these kernels avoid.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import NetworkLayer
from regkit.kernels.numba import hidden_layer

NARROW = 5
"""Inputs and outputs up to which the kernels gain: at 3000 samples and 64 neurons they take 0.54 of
NumPy's time with 2 and 3, 0.84 with 5 and 5, and 1.36 with 8 and 8."""

BLOCK = 1024
"""Samples per block: two rows of them stay in the first-level cache."""


class OneHiddenLayer:
    """Dense, ReLU and Dense in one: what their `forward` and `backward` compute, to rounding.

    Args:
        first: [weights; biases] of the first dense layer.
        second: those of the second one.
        dfirst: the array for the first one's gradients.
        dsecond: that for the second one's.
    """

    def __init__(self, first: Array, dfirst: Array, second: Array, dsecond: Array) -> None:
        self._first, self._dfirst = first, dfirst
        self._second, self._dsecond = second, dsecond
        self._hidden, self._dhidden = np.empty((2, BLOCK), first.dtype)
        self._inputs = np.empty((0, 0), first.dtype)
        self._outputs = np.empty((second.shape[1], 0), first.dtype).T

    @classmethod
    def of(cls, layers: Sequence[NetworkLayer]) -> OneHiddenLayer | None:
        """The layers fused; None if they are others, frozen, or have many inputs or outputs."""
        if [layer.kind for layer in layers] != ["dense", "relu", "dense"]:
            return None
        first, _, second = layers
        if first.params is None or first.grads is None:
            return None
        if second.params is None or second.grads is None:
            return None
        if max(first.params.shape[0] - 1, second.params.shape[1]) > NARROW:
            return None
        return cls(first.params, first.grads, second.params, second.grads)

    def forward(self, inputs: Array) -> Array:
        """The outputs, (samples, n_outputs), for inputs with a last column of ones."""
        if len(self._outputs) != len(inputs):
            self._outputs = np.empty((self._second.shape[1], len(inputs)), self._first.dtype).T
        self._inputs = inputs
        hidden_layer.forward(inputs.T, self._first, self._second, self._outputs.T, self._hidden)
        return self._outputs

    def backward(self, doutputs: Array) -> None:
        """The gradients of both layers, for the last forward batch."""
        hidden_layer.backward(
            self._inputs.T,
            self._first,
            self._second,
            doutputs.T,
            self._dfirst,
            self._dsecond,
            self._hidden,
            self._dhidden,
        )
