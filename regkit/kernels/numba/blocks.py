"""Products of thin matrices, block by block of samples, four rows by three at a time.

A block is flat: row r of up to `STRIDE` samples begins at r · STRIDE, so that the compiler knows
how far rows lie apart, and can keep twelve sums or twelve factors in registers while it goes over
the samples: seven rows are read for twelve products. Rows come in threes (inputs and outputs, with
rows of zeros after them) and in fours (neurons, likewise).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from regkit.array_types import Array
from regkit.kernels.numba.jit import kernel

STRIDE = 1040
"""Samples from one row of a block to the next: a multiple of 16, so that rows are aligned, and none
of 1024, so that rows do not compete for one place in the cache."""
TWO, THREE = 2 * STRIDE, 3 * STRIDE

LANES = 16
"""Rows are computed in whole vectors of so many lanes; those that do not exist count nothing."""


class Memory(NamedTuple):
    """Rows to compute in, for one block.

    Attributes:
        hidden: the outputs of the hidden layer: a row for each neuron, or for each sample.
        four: four of its rows before the activation, or the gradients by them.
        outputs: the network's outputs, then the gradients by them.
        shares: what each sample counts.
        scratch: three rows.
        bits: the same ones as integers.
    """

    hidden: Array
    four: Array
    outputs: Array
    shares: Array
    scratch: Array
    bits: Array


@kernel
def rounded_up(number: int, step: int) -> int:
    """The least multiple of a step that is no less than a number."""
    return (number + step - 1) // step * step


@kernel
def combine(rows: Array, n_rows: int, factors: Array, j: int, into: Array, n: int) -> None:
    """Set four rows: `into[r]` = Σₖ factors[k, j + r] · rows[k]."""
    for k in range(0, n_rows, 3):
        x = rows[k * STRIDE :]
        a0, a1, a2, a3 = factors[k, j], factors[k, j + 1], factors[k, j + 2], factors[k, j + 3]
        k1, k2 = k + 1, k + 2
        b0, b1, b2, b3 = factors[k1, j], factors[k1, j + 1], factors[k1, j + 2], factors[k1, j + 3]
        c0, c1, c2, c3 = factors[k2, j], factors[k2, j + 1], factors[k2, j + 2], factors[k2, j + 3]
        if k == 0:
            for i in range(n):
                p, q, r = x[i], x[i + STRIDE], x[i + TWO]
                into[i] = a0 * p + b0 * q + c0 * r
                into[i + STRIDE] = a1 * p + b1 * q + c1 * r
                into[i + TWO] = a2 * p + b2 * q + c2 * r
                into[i + THREE] = a3 * p + b3 * q + c3 * r
        else:
            for i in range(n):
                p, q, r = x[i], x[i + STRIDE], x[i + TWO]
                into[i] += a0 * p + b0 * q + c0 * r
                into[i + STRIDE] += a1 * p + b1 * q + c1 * r
                into[i + TWO] += a2 * p + b2 * q + c2 * r
                into[i + THREE] += a3 * p + b3 * q + c3 * r


@kernel
def add_multiples(four: Array, factors: Array, j: int, to: Array, n_rows: int, n: int) -> None:
    """Add four rows to others: `to[k]` += Σᵣ factors[k, j + r] · four[r]."""
    for k in range(0, n_rows, 3):
        x = to[k * STRIDE :]
        a0, a1, a2, a3 = factors[k, j], factors[k, j + 1], factors[k, j + 2], factors[k, j + 3]
        k1, k2 = k + 1, k + 2
        b0, b1, b2, b3 = factors[k1, j], factors[k1, j + 1], factors[k1, j + 2], factors[k1, j + 3]
        c0, c1, c2, c3 = factors[k2, j], factors[k2, j + 1], factors[k2, j + 2], factors[k2, j + 3]
        for i in range(n):
            p, q, r, s = four[i], four[i + STRIDE], four[i + TWO], four[i + THREE]
            x[i] += a0 * p + a1 * q + a2 * r + a3 * s
            x[i + STRIDE] += b0 * p + b1 * q + b2 * r + b3 * s
            x[i + TWO] += c0 * p + c1 * q + c2 * r + c3 * s


@kernel
def add_products(four: Array, rows: Array, n_rows: int, to: Array, j: int, n: int) -> None:
    """Add the products of four rows with others: `to[k, j + r]` += Σᵢ four[r, i] · rows[k, i]."""
    for k in range(0, n_rows, 3):
        x = rows[k * STRIDE :]
        nothing: Any = to.dtype.type(0)
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = nothing
        for i in range(n):
            p, q, r = x[i], x[i + STRIDE], x[i + TWO]
            e, f, g, h = four[i], four[i + STRIDE], four[i + TWO], four[i + THREE]
            a0 += e * p
            b0 += e * q
            c0 += e * r
            a1 += f * p
            b1 += f * q
            c1 += f * r
            a2 += g * p
            b2 += g * q
            c2 += g * r
            a3 += h * p
            b3 += h * q
            c3 += h * r
        _add_four(to, k, j, a0, a1, a2, a3)
        _add_four(to, k + 1, j, b0, b1, b2, b3)
        _add_four(to, k + 2, j, c0, c1, c2, c3)


@kernel
def _add_four(to: Array, k: int, j: int, a: Any, b: Any, c: Any, d: Any) -> None:
    to[k, j] += a
    to[k, j + 1] += b
    to[k, j + 2] += c
    to[k, j + 3] += d
