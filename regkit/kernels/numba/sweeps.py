"""Single passes over flat parameters, which do all work on an entry at once.

All arrays are contiguous and of one dtype, and so are the numbers: a Python float would make a
kernel compute in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.jit import exact_kernel, kernel


@kernel
def adam(
    params: Array,
    grads: Array,
    momentum: Array,
    cache: Array,
    beta_1: Any,
    beta_2: Any,
    lr: Any,
    epsilon: Any,
) -> None:
    """A step of Adam: m ← β₁ m + grad; v ← β₂ v + grad²; w ← w − lr · m / (√v + ε)."""
    for i in range(params.size):
        grad = grads[i]
        mean = beta_1 * momentum[i] + grad
        square = beta_2 * cache[i] + grad * grad
        momentum[i] = mean
        cache[i] = square
        params[i] -= lr * mean / (np.sqrt(square) + epsilon)


@kernel
def add_gradient(w: Array, out: Array, sign: Any, at_zero: Any, multiple: Any) -> None:
    """Add sign · sign(w) + multiple · w to `out`, with `at_zero` for the sign where w is 0."""
    for i in range(w.size):
        entry = w[i]
        jump = sign if entry > 0 else -sign
        out[i] += (at_zero if entry == 0 else jump) + multiple * entry


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
