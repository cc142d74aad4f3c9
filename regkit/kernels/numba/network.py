"""A network with one hidden layer, fused: separate layers spend their time in memory."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import Network
from regkit.kernels.numba import activations, hidden_layer, losses
from regkit.kernels.numba.blocks import STRIDE
from regkit.kernels.numba.hidden_layer import LANES, Layers, Memory, Padded

N_INPUTS, N_OUTPUTS = 64, 30
"""Up to which the kernel may gain: with more, BLAS's products are as fast."""

FEW_WEIGHTS = 8000
"""Up to which it gains with any number of rows, since NumPy's calls take longer than their work.
With more weights, the sums over few rows take it longer than BLAS: where both are as fast was
measured on a grid of 288 shapes."""

CACHE = 524_288
"""Bytes of the hidden layer that a block may take: half of a common second-level cache."""


class OneHiddenLayer:
    """Dense, an activation, Dense and the loss in one.

    Args:
        layers: the dense layers' parameters and gradients.
        activation: its kind.
        network: what they are part of.
    """

    def __init__(self, layers: Layers, activation: str, network: Network) -> None:
        self._layers = tuple(layers)
        self._activation = activations.KINDS.index(activation)
        self._loss = losses.KINDS.index(network.loss)
        self._classes = network.loss == "softmax_cross_entropy"
        self._full_batches = network.full_batches
        dtype = layers.first.dtype
        n_inputs, n_neurons = layers.first.shape
        n_outputs = layers.second.shape[1]
        inputs, neurons, outputs = _up(n_inputs, 3), _up(n_neurons, 4), _up(n_outputs, 3)
        self._block = block(network.rows, neurons * dtype.itemsize)
        self._n_rows = inputs
        self._params, self._grads = (
            tuple(
                Padded(np.zeros((inputs, neurons), dtype), np.zeros((outputs, neurons + 1), dtype))
            )
            for _ in range(2)
        )
        scratch = _rows(3, dtype)
        memory = Memory(
            hidden=_rows(neurons, dtype),
            dhidden=_rows(4, dtype),
            outputs=_rows(outputs, dtype),
            shares=_rows(1, dtype),
            scratch=scratch,
            bits=scratch.view(f"i{dtype.itemsize}"),
        )
        self._memory = tuple(memory)
        self._packed = _rows(ceil(network.rows / self._block) * inputs, dtype)
        self._n_outputs = n_outputs
        self._dtype = dtype
        self._no_weights = np.empty(0, dtype)
        self._prepared = False
        self._by_samples: dict[int, tuple[Array, Array]] = {}

    @classmethod
    def of(cls, network: Network) -> OneHiddenLayer | None:
        """The network fused; None if it is another, or frozen, or of a shape that gains nothing."""
        if len(network.layers) != 3 or network.loss not in losses.KINDS:
            return None
        first, between, second = network.layers
        if (first.kind, second.kind) != ("dense", "dense") or between.kind not in activations.KINDS:
            return None
        if first.params is None or first.grads is None:
            return None
        if second.params is None or second.grads is None:
            return None
        layers = Layers(first.params, first.grads, second.params, second.grads)
        return cls(layers, between.kind, network) if _gains(layers, network.rows) else None

    def gradients(self, inputs: Array, targets: Array, weights: Array | None) -> Array:
        """As in `WholeNetwork`."""
        expected, outputs = self._of_samples(len(inputs))
        if not self._prepared:
            hidden_layer.pack(inputs, self._packed, self._n_rows, self._block)
            if self._classes:
                hidden_layer.one_hot(targets, expected)
            else:
                expected[...] = targets.T
            self._prepared = self._full_batches
        hidden_layer.gradients(
            self._activation,
            self._loss,
            self._packed,
            expected,
            self._no_weights if weights is None else weights,
            self._block,
            self._layers,
            self._params,
            self._grads,
            self._memory,
            outputs,
        )
        return outputs.T

    def _of_samples(self, samples: int) -> tuple[Array, Array]:
        """Targets and outputs of a batch, each (n_outputs, samples), the same ones every time."""
        found = self._by_samples.get(samples)
        if found is None:
            both = np.empty((2, self._n_outputs, samples), self._dtype)
            found = self._by_samples[samples] = both[0], both[1]
        return found


def _gains(layers: Layers, rows: int) -> bool:
    n_inputs, n_neurons = len(layers.first) - 1, layers.first.shape[1]
    n_outputs = layers.second.shape[1]
    if n_inputs > N_INPUTS or n_outputs > N_OUTPUTS:
        return False
    ends = n_inputs + n_outputs
    return ends * n_neurons <= FEW_WEIGHTS or rows >= 4 * ends


def block(samples: int, bytes_a_sample: int) -> int:
    """Samples a block: equal parts of a batch, of whole vectors, each of which fits the cache."""
    most = min(STRIDE - LANES, max(64, CACHE // bytes_a_sample)) // LANES * LANES
    return _up(ceil(samples / ceil(samples / most)), LANES)


def _up(number: int, step: int) -> int:
    return ceil(number / step) * step


def _rows(number: int, dtype: np.dtype[Any]) -> Array:
    """So many rows of zeros, flat, that begin at a multiple of 64 bytes, as vectors best do."""
    space = np.zeros(number * STRIDE * dtype.itemsize + 64, np.uint8)
    start = -space.ctypes.data % 64
    return space[start : start + number * STRIDE * dtype.itemsize].view(dtype)
