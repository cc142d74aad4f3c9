"""A network with one hidden layer, fused: separate layers spend their time in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

N_NEURONS = 4096
"""Up to which memory for a block of them is small."""

CACHE = 2_097_152
"""Bytes of the hidden layer that a block may take: a share of a third-level cache."""


WORTH_A_THREAD = 8_000_000
"""Multiplications of a pass, about a quarter of a millisecond, from which it is cut in two."""


class OneHiddenLayer:
    """Dense, an activation, Dense and the loss in one.

    A long pass is two halves, each with sums of its own, which are added in the end; they are
    computed at the same time where the run may use two threads. The digits do not depend on that.

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
        parts = 1 if network.rows * _multiplications(layers) < WORTH_A_THREAD else 2
        self._block = block(network.rows, neurons * dtype.itemsize, parts)
        self._n_rows = inputs
        self._parts = [_Part.of(inputs, neurons, outputs, dtype) for _ in range(parts)]
        self._pool = ThreadPoolExecutor(1) if parts > 1 and network.threads > 1 else None
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
        first, *others = self._parts
        samples = len(inputs)
        middle = _up(ceil(samples / len(self._parts)), self._block)
        arrays = expected, self._no_weights if weights is None else weights, outputs
        if not others or middle >= samples:
            self._pass(first, 0, samples, *arrays)
            return outputs.T
        [second] = others
        if self._pool is None:
            self._pass(first, 0, middle, *arrays)
            self._pass(second, middle, samples, *arrays)
        else:
            meanwhile = self._pool.submit(self._pass, second, middle, samples, *arrays)
            self._pass(first, 0, middle, *arrays)
            meanwhile.result()
        hidden_layer.store_sum(self._layers, first.grads, second.grads)
        return outputs.T

    def _pass(
        self, part: _Part, begin: int, end: int, targets: Array, weights: Array, outputs: Array
    ) -> None:
        hidden_layer.gradients(
            self._activation,
            self._loss,
            self._packed,
            targets,
            weights,
            self._block,
            begin,
            end,
            self._layers,
            part.params,
            part.grads,
            part.memory,
            outputs,
        )

    def _of_samples(self, samples: int) -> tuple[Array, Array]:
        """Targets and outputs of a batch, each (n_outputs, samples), the same ones every time."""
        found = self._by_samples.get(samples)
        if found is None:
            both = np.empty((2, self._n_outputs, samples), self._dtype)
            found = self._by_samples[samples] = both[0], both[1]
        return found


@dataclass(frozen=True, eq=False)
class _Part:
    """What a part of a batch is computed in: the items of two `Padded` and of a `Memory`."""

    params: tuple[Array, ...]
    grads: tuple[Array, ...]
    memory: tuple[Array, ...]

    @classmethod
    def of(cls, inputs: int, neurons: int, outputs: int, dtype: np.dtype[Any]) -> _Part:
        """For so many rows of each kind."""
        params, grads = (
            Padded(np.zeros((inputs, neurons), dtype), np.zeros((outputs, neurons + 1), dtype))
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
        return cls(tuple(params), tuple(grads), tuple(memory))


def _multiplications(layers: Layers) -> int:
    """For a sample: two products with the first layer's weights, three with the second one's."""
    return 2 * layers.first.size + 3 * layers.second.size


def _gains(layers: Layers, rows: int) -> bool:
    n_inputs, n_neurons = len(layers.first) - 1, layers.first.shape[1]
    n_outputs = layers.second.shape[1]
    if n_inputs > N_INPUTS or n_outputs > N_OUTPUTS or n_neurons > N_NEURONS:
        return False
    ends = n_inputs + n_outputs
    return ends * n_neurons <= FEW_WEIGHTS or rows >= 4 * ends


def block(samples: int, bytes_a_sample: int, parts: int = 1) -> int:
    """Samples a block: equal shares of a batch, of whole vectors, each of which fits the cache.

    There are as many for each of so many parts.
    """
    most = min(STRIDE - LANES, max(64, CACHE // bytes_a_sample)) // LANES * LANES
    return _up(ceil(samples / _up(ceil(samples / most), parts)), LANES)


def _up(number: int, step: int) -> int:
    return ceil(number / step) * step


def _rows(number: int, dtype: np.dtype[Any]) -> Array:
    """So many rows of zeros, flat, that begin at a multiple of 64 bytes, as vectors best do."""
    space = np.zeros(number * STRIDE * dtype.itemsize + 64, np.uint8)
    start = -space.ctypes.data % 64
    return space[start : start + number * STRIDE * dtype.itemsize].view(dtype)
