"""Single passes over flat arrays, which do all work on an entry at once.

All arrays are contiguous and of one dtype, and numbers are made so: those of Python would make a
kernel compute in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.jit import exact_kernel, kernel, ordered_kernel


@ordered_kernel
def adam(
    params: Array,
    grads: Array,
    momentum: Array,
    cache: Array,
    stops: Array,
    slopes: Array,
    given_beta_1: float,
    given_beta_2: float,
    given_lr: float,
    given_epsilon: float,
) -> None:
    """A step of Adam: m ← β₁ m + grad; v ← β₂ v + grad²; w ← w − lr · m / (√v + ε).

    `stops` and `slopes` are those of `Pieces`: what is added to the gradients on the way.
    """
    number = params.dtype.type
    beta_1, beta_2 = number(given_beta_1), number(given_beta_2)
    lr, epsilon = number(given_lr), number(given_epsilon)
    start = 0
    for piece in range(stops.size):
        # Slices begin at 0, without which nothing would be vectorized.
        stop = stops[piece]
        w, grad = params[start:stop], grads[start:stop]
        m, v = momentum[start:stop], cache[start:stop]
        sign, at_zero, multiple = slopes[piece]
        for i in range(w.size):
            entry = w[i]
            slope = grad[i] + _slope_at(entry, sign, at_zero, multiple)
            mean = beta_1 * m[i] + slope
            square = beta_2 * v[i] + slope * slope
            m[i] = mean
            v[i] = square
            w[i] = entry - lr * mean / (np.sqrt(square) + epsilon)
        start = stop


@kernel
def sum_of_squares(params: Array, grads: Array, stops: Array, slopes: Array) -> Any:
    """Of the gradients, with what is to be added to them."""
    total = grads.dtype.type(0)
    start = 0
    for piece in range(stops.size):
        stop = stops[piece]
        w, grad = params[start:stop], grads[start:stop]
        sign, at_zero, multiple = slopes[piece]
        for i in range(w.size):
            slope = grad[i] + _slope_at(w[i], sign, at_zero, multiple)
            total += slope * slope
        start = stop
    return total


@ordered_kernel
def _slope_at(w: Any, sign: Any, at_zero: Any, multiple: Any) -> Any:
    """The gradient sign · sign(w) + multiple · w, with `at_zero` where w is 0."""
    jump = sign if w > 0 else -sign
    return (at_zero if w == 0 else jump) + multiple * w


@ordered_kernel
def add_gradient(w: Array, out: Array, sign: Any, at_zero: Any, multiple: Any) -> None:
    """Add sign · sign(w) + multiple · w to `out`, arrays of any shape."""
    entries, sums = w.reshape(-1), out.reshape(-1)
    for i in range(w.size):
        sums[i] += _slope_at(entries[i], sign, at_zero, multiple)


@kernel
def let_through(outputs: Array, doutputs: Array) -> None:
    """`doutputs` where `outputs` is above 0, else 0."""
    for i in range(outputs.size):
        doutputs[i] = doutputs[i] if outputs[i] > 0 else doutputs.dtype.type(0)


@exact_kernel
def linear_prox(
    w: Array, cache: Array, scale: Any, epsilon: Any, threshold: Any, shrinkage: Any
) -> None:
    """w ← soft(w, threshold/d) / (1 + shrinkage/d), d = scale · √cache + ε; None instead of a 0."""
    nothing, one = w.dtype.type(0), w.dtype.type(1)
    for i in range(w.size):
        divisor = np.sqrt(cache[i]) * scale + epsilon
        point = w[i]
        if threshold is not None:
            size = abs(point) - threshold / divisor
            point = np.copysign(nothing if size < nothing else size, point)
        if shrinkage is not None:
            point /= one + shrinkage / divisor
        w[i] = point
