"""The gradients of losses by the network's outputs, for a block of samples, in place.

`outputs` are rows of a block, one for each output; `targets` has the shape (n_outputs, samples),
with ones and zeros for classes. `shares` says of each sample how much it counts: its weight divided
by the number of samples.
"""

from __future__ import annotations

from regkit.array_types import Array
from regkit.kernels.numba.blocks import STRIDE, TWO
from regkit.kernels.numba.exponentials import exponentials, tanh
from regkit.kernels.numba.jit import kernel

KINDS = ("softmax_cross_entropy", "mean_squared_error", "binary_cross_entropy")
"""Their names; a kernel is given the place in this list."""
SOFTMAX_CROSS_ENTROPY, MEAN_SQUARED_ERROR, _ = range(3)


@kernel
def loss_gradient(
    kind: int, outputs: Array, targets: Array, shares: Array, scratch: Array, bits: Array, n: int
) -> None:
    """The loss's gradient at n samples; `scratch` holds three rows, and `bits` is its view as
    integers.
    """
    if kind == SOFTMAX_CROSS_ENTROPY:
        _softmax_cross_entropy(outputs, targets, shares, scratch, bits, n)
    elif kind == MEAN_SQUARED_ERROR:
        _mean_squared_error(outputs, targets, shares, n)
    else:
        _binary_cross_entropy(outputs, targets, shares, scratch, bits, n)


@kernel
def _softmax_cross_entropy(
    outputs: Array, targets: Array, shares: Array, scratch: Array, bits: Array, n: int
) -> None:
    """shares · (softmax(outputs) − targets)."""
    top, total = scratch[STRIDE:], scratch[TWO:]
    for i in range(n):
        top[i] = outputs[i]
    for c in range(1, len(targets)):
        row, below, top = outputs[c * STRIDE :], top, total  # Not in place: see `activations`.
        total = below
        for i in range(n):
            top[i] = row[i] if row[i] > below[i] else below[i]
    for i in range(n):
        total[i] = 0
    for c in range(len(targets)):
        row = outputs[c * STRIDE :]
        exponentials(row, top, scratch, bits, n)
        for i in range(n):
            total[i] += row[i]
    for i in range(n):
        total[i] = shares[i] / total[i]
    for c in range(len(targets)):
        row, target = outputs[c * STRIDE :], targets[c]
        for i in range(n):
            row[i] = row[i] * total[i] - target[i] * shares[i]


@kernel
def _mean_squared_error(outputs: Array, targets: Array, shares: Array, n: int) -> None:
    """shares · 2 (outputs − targets) / n_outputs."""
    twice = outputs.dtype.type(2 / len(targets))
    for c in range(len(targets)):
        row, target = outputs[c * STRIDE :], targets[c]
        for i in range(n):
            row[i] = (row[i] - target[i]) * twice * shares[i]


@kernel
def _binary_cross_entropy(
    outputs: Array, targets: Array, shares: Array, scratch: Array, bits: Array, n: int
) -> None:
    """shares · (σ(outputs) − targets) / n_outputs."""
    half, one = outputs.dtype.type(0.5), outputs.dtype.type(1)
    share = outputs.dtype.type(1 / len(targets))
    for c in range(len(targets)):
        row, target = outputs[c * STRIDE :], targets[c]
        for i in range(n):
            row[i] = half * row[i]
        tanh(row, row, scratch, bits, scratch[STRIDE:], n)
        for i in range(n):
            row[i] = (half * (one + row[i]) - target[i]) * share * shares[i]
