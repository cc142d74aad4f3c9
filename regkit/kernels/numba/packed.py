"""A batch as the kernels of a hidden layer read it: block by block, one row for each feature."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import Network
from regkit.kernels.numba import hidden_layer
from regkit.kernels.numba.blocks import STRIDE, rounded_up


class Packed:
    """The batches of a run, one after the other, in memory that they share.

    Args:
        network: whose batches they are.
        n_rows: features, ones and rows of zeros after them.
        n_outputs: the network's.
        block: samples a block; all of them where they need not be in vectors.
        dtype: of the network.

    Attributes:
        inputs: those of the last batch, in blocks of rows.
    """

    def __init__(
        self,
        network: Network,
        n_rows: int,
        n_outputs: int,
        block: int | None,
        dtype: np.dtype[Any],
    ) -> None:
        self._n_rows = n_rows
        self._n_outputs = n_outputs
        if block is None:
            self._block, self._stride = network.rows, rounded_up(network.rows, 4)
        else:
            self._block, self._stride = block, STRIDE
        n_blocks = ceil(network.rows / self._block)
        self.inputs = aligned_zeros(n_blocks * n_rows * self._stride, dtype)
        self._classes = network.loss == "softmax_cross_entropy"
        self._full_batches = network.full_batches
        self._is_whole = False
        self._by_samples: dict[int, tuple[Array, Array]] = {}

    def take(self, inputs: Array, targets: Array) -> tuple[Array, Array]:
        """Targets, and an array for outputs, of a batch: (n_outputs, samples)."""
        expected, outputs = self._by_samples.get(len(inputs)) or self._of(len(inputs))
        if not self._is_whole:
            hidden_layer.pack(inputs, self.inputs, self._n_rows, self._block, self._stride)
            if self._classes:
                hidden_layer.one_hot(targets, expected)
            else:
                expected[...] = targets.T
            self._is_whole = self._full_batches
        return expected, outputs

    def _of(self, samples: int) -> tuple[Array, Array]:
        both = np.empty((2, self._n_outputs, samples), self.inputs.dtype)
        found = self._by_samples[samples] = both[0], both[1]
        return found


def aligned_zeros(number: int, dtype: np.dtype[Any]) -> Array:
    """So many, flat, that begin at a multiple of 64 bytes, as vectors best do."""
    space = np.zeros(number * dtype.itemsize + 64, np.uint8)
    start = -space.ctypes.data % 64
    return space[start : start + number * dtype.itemsize].view(dtype)
