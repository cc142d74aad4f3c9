"""A network with one hidden layer, fused: separate layers spend their time in memory."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.network import Network
from regkit.kernels.numba import activations, hidden_layer, losses
from regkit.kernels.numba.blocks import LANES, STRIDE, Memory, rounded_up
from regkit.kernels.numba.packed import Packed, aligned_zeros
from regkit.kernels.numba.padded import Layers, Padded
from regkit.kernels.numba.two_threads import Both

N_INPUTS, N_OUTPUTS, N_NEURONS = 64, 30, 4096
"""Up to which the kernel may gain: with wider ends, BLAS's products are as fast, and a block of
more neurons takes much memory."""

FEW_WEIGHTS = 8000
"""Up to which it gains with any number of rows, since NumPy's calls take longer than their work."""

LITTLE_WORK = 1_000_000
"""Weights times rows up to which it gains for the same reason, if neurons are in the lanes."""

NARROW_ENDS = 32
"""Inputs and outputs in all up to which products are too thin for BLAS, unless there are few rows
of more neurons than lanes hold."""

MANY_ROWS = 16
"""Rows for each input and output from which it gains, since the hidden layer stays in the cache.
These four were measured on a grid of 250 shapes."""

CACHE = 2_097_152
"""Bytes of the hidden layer that a block may take: a share of a third-level cache."""

NEAR_CACHE = 131_072
"""The same with neurons in the lanes, beside weights and gradients that each four samples read: a
share of a second-level cache."""

WORTH_A_THREAD = 2_000_000
"""Multiplications of a pass, 50 to 100 µs, from which it is cut in two."""


class OneHiddenLayer:
    """Dense, an activation, Dense and the loss in one.

    A long pass is two halves, each with sums of its own, which are added in the end; they are
    computed at the same time where the run may use two threads. The digits do not depend on that.

    Args:
        layers: the dense layers' parameters and gradients.
        activation: its kind.
        network: what they are part of.
        both: calls two functions.
    """

    def __init__(self, layers: Layers, activation: str, network: Network, both: Both) -> None:
        n_rows, n_neurons = layers.first.shape
        n_outputs, dtype = layers.second.shape[1], layers.first.dtype
        by_neurons = has_neurons_in_lanes(n_neurons, network.rows)
        parts = 1 if network.rows * _multiplications(layers) < WORTH_A_THREAD else 2
        self._layers = tuple(layers)
        self._kinds = activations.KINDS.index(activation), losses.KINDS.index(network.loss)
        self._by_neurons = by_neurons
        self._block = block(network.rows, n_neurons * dtype.itemsize, parts, by_neurons=by_neurons)
        rows_of = rounded_up(n_rows, 3), rounded_up(n_neurons, 4), rounded_up(n_outputs, 3)
        hidden = self._block if by_neurons else rows_of[1]
        self._parts = [_Part.of(*rows_of, hidden, dtype, by_neurons) for _ in range(parts)]
        self._both = both
        in_vectors = None if by_neurons else self._block
        self._packed = Packed(network, rows_of[0], n_outputs, in_vectors, dtype)
        self._no_weights = np.empty(0, dtype)

    @classmethod
    def of(cls, network: Network, both: Both) -> OneHiddenLayer | None:
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
        return cls(layers, between.kind, network, both) if _gains(layers, network.rows) else None

    def gradients(self, inputs: Array, targets: Array, weights: Array | None) -> Array:
        """As in `WholeNetwork`."""
        expected, outputs = self._packed.take(inputs, targets)
        first, *others = self._parts
        samples = len(inputs)
        middle = rounded_up(ceil(samples / len(self._parts)), self._block)
        arrays = expected, self._no_weights if weights is None else weights, outputs
        if not others or middle >= samples:
            self._pass(first, 0, samples, *arrays)
            return outputs.T
        [second] = others
        self._both(
            lambda: self._pass(first, 0, middle, *arrays),
            lambda: self._pass(second, middle, samples, *arrays),
        )
        hidden_layer.store_sum(self._layers, first.grads, second.grads)
        return outputs.T

    def _pass(
        self, part: _Part, begin: int, end: int, targets: Array, weights: Array, outputs: Array
    ) -> None:
        hidden_layer.gradients(
            *self._kinds,
            self._by_neurons,
            self._packed.inputs,
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


@dataclass(frozen=True, eq=False)
class _Part:
    """What a part of a batch is computed in: the items of two `Padded` and of a `Memory`."""

    params: tuple[Array, ...]
    grads: tuple[Array, ...]
    memory: tuple[Array, ...]

    @classmethod
    def of(
        cls,
        inputs: int,
        neurons: int,
        outputs: int,
        hidden: int,
        dtype: np.dtype[Any],
        by_neurons: bool,
    ) -> _Part:
        """For so many rows of each kind, and of the hidden layer."""

        def rows(number: int, length: int = STRIDE) -> Array:
            return aligned_zeros(number * length, dtype)

        lengths = (STRIDE, STRIDE) if by_neurons else (neurons, neurons + 1)
        params, grads = (
            Padded(
                *(rows(*one).reshape(one) for one in zip((inputs, outputs), lengths, strict=True))
            )
            for _ in range(2)
        )
        scratch = rows(3)
        memory = Memory(
            hidden=rows(hidden),
            four=rows(4),
            outputs=rows(outputs),
            shares=rows(1),
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
    weights = ends * n_neurons
    if weights <= FEW_WEIGHTS or rows >= MANY_ROWS * ends:
        return True
    in_lanes = has_neurons_in_lanes(n_neurons, rows)
    if ends <= NARROW_ENDS:
        return in_lanes or rows >= n_neurons
    return in_lanes and weights * rows <= LITTLE_WORK


def has_neurons_in_lanes(n_neurons: int, samples: int) -> bool:
    """Whether vectors go over neurons: the more there are of either, the fewer tiles are short.

    On a grid of 168 shapes either was as fast as the other where there are as many.
    """
    return samples < n_neurons <= STRIDE - LANES


def block(samples: int, bytes_a_sample: int, parts: int = 1, *, by_neurons: bool = False) -> int:
    """Samples a block: equal shares of a batch, of whole vectors, each of which fits the cache.

    There are as many for each of so many parts.
    """
    cache, step = (NEAR_CACHE, 4) if by_neurons else (CACHE, LANES)
    most = min(STRIDE - LANES, max(32, cache // bytes_a_sample)) // LANES * LANES
    return rounded_up(ceil(samples / rounded_up(ceil(samples / most), parts)), step)
