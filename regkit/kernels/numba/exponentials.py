"""exp and tanh of a row, in place: written out, since those of the C library are not vectorized.

x = k · log 2 + r with an integer k and |r| ≤ ½ log 2, so that exp x = 2ᵏ · exp r. The power is put
together from bits, and exp r − 1 is its Taylor series. Results are right to a few roundings, and
NaN stays NaN. Nothing may be reordered here: k · log 2 is taken off in two parts for its rounding.

Source: Muller (2016), *Elementary Functions*, chapters 3 and 11.
"""

from __future__ import annotations

from math import factorial, log

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.jit import ordered_kernel

LOG2E = 1 / log(2)
LOG2 = 0.693359375
"""log 2 to so few digits that k times it is exact."""
LOG2_REST = -2.1219444005469057e-4
"""log 2 − LOG2."""
TERMS = tuple(1 / factorial(m) for m in range(14))
"""The coefficients of the series."""


@ordered_kernel
def exponentials(x: Array, top: Array, powers: Array, bits: Array, n: int) -> None:
    """The exponential of x − top, for x ≤ top, in x.

    `powers` is a row to compute in, `bits` its view as integers.
    """
    lowest = x.dtype.type(-87 if x.itemsize == 4 else -708)
    for i in range(n):
        below = x[i] - top[i]
        x[i] = lowest if below < lowest else below
    _reduce(x, powers, bits, n)
    for i in range(n):
        x[i] = powers[i] + powers[i] * x[i]


@ordered_kernel
def tanh(x: Array, to: Array, powers: Array, bits: Array, signs: Array, n: int) -> None:
    """The hyperbolic tangent, as E / (E + 2) with E = exp(2|x|) − 1; `signs` is one more row.

    It may be written over x.
    """
    one, two = x.dtype.type(1), x.dtype.type(2)
    largest = x.dtype.type(20 if x.itemsize == 4 else 40)  # From here on it is 1 to rounding.
    for i in range(n):
        signs[i] = np.copysign(one, x[i])
        twice = two * abs(x[i])
        to[i] = largest if twice > largest else twice
    _reduce(to, powers, bits, n)
    for i in range(n):
        less_one = powers[i] * to[i] + (powers[i] - one)
        to[i] = signs[i] * (less_one / (less_one + two))


@ordered_kernel
def _reduce(x: Array, powers: Array, bits: Array, n: int) -> None:
    """powers ← 2ᵏ, and x ← exp(r) − 1."""
    short = x.itemsize == 4
    bias, shift = bits.dtype.type(127 if short else 1023), bits.dtype.type(23 if short else 52)
    log2e, half = x.dtype.type(LOG2E), x.dtype.type(0.5)
    log2, rest = x.dtype.type(LOG2), x.dtype.type(LOG2_REST)
    for i in range(n):
        k = np.floor(x[i] * log2e + half)
        bits[i] = (bits.dtype.type(k) + bias) << shift
        x[i] = (x[i] - k * log2) - k * rest
    # Both loops are unrolled, which the number of terms must be known for.
    if short:
        for i in range(n):
            r = x[i]
            tail = x.dtype.type(TERMS[7])
            for m in range(6, 1, -1):
                tail = tail * r + x.dtype.type(TERMS[m])
            x[i] = (tail * r) * r + r
    else:
        for i in range(n):
            r = x[i]
            tail = x.dtype.type(TERMS[13])
            for m in range(12, 1, -1):
                tail = tail * r + x.dtype.type(TERMS[m])
            x[i] = (tail * r) * r + r
