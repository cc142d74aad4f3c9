"""What stands between the two dense layers, and its gradient, on four rows of a block.

`activate` writes other rows than it reads: where a vector of a row is either kept or replaced, a
compiler stores it under a mask, which takes some processors as long as ten stores.
"""

from __future__ import annotations

from regkit.array_types import Array
from regkit.kernels.numba.blocks import STRIDE
from regkit.kernels.numba.exponentials import tanh
from regkit.kernels.numba.jit import kernel

KINDS = ("relu", "tanh", "sigmoid")
"""Their names; a kernel is given the place in this list."""
RELU, TANH, SIGMOID = range(3)


@kernel
def activate(kind: int, sums: Array, four: Array, scratch: Array, bits: Array, n: int) -> None:
    """Apply it to four rows of `sums`, which are not kept.

    `scratch` holds two rows, and `bits` is its view as integers.
    """
    zero, one, half = four.dtype.type(0), four.dtype.type(1), four.dtype.type(0.5)
    for r in range(4):
        x, row = sums[r * STRIDE :], four[r * STRIDE :]
        if kind == RELU:
            for i in range(n):
                row[i] = zero if x[i] < zero else x[i]
        elif kind == TANH:
            tanh(x, row, scratch, bits, scratch[STRIDE:], n)
        else:  # σ(x) = ½ (1 + tanh ½x)
            for i in range(n):
                x[i] = half * x[i]
            tanh(x, row, scratch, bits, scratch[STRIDE:], n)
            for i in range(n):
                row[i] = half * (one + row[i])


@kernel
def let_through(kind: int, four: Array, dfour: Array, n: int) -> None:
    """Multiply gradients by the derivative, which the outputs `four` tell."""
    zero, one = four.dtype.type(0), four.dtype.type(1)
    for r in range(4):
        row, drow = four[r * STRIDE :], dfour[r * STRIDE :]
        if kind == RELU:
            for i in range(n):
                drow[i] = drow[i] if row[i] > zero else zero
        elif kind == TANH:
            for i in range(n):
                drow[i] *= one - row[i] * row[i]
        else:
            for i in range(n):
                drow[i] *= row[i] * (one - row[i])
