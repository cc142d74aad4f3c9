"""Sweeps over flat parameters in which everything about an entry is done while it is at hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.linear_gradient import LinearGradient
from regkit.kernels.numba.jit import kernel


def adam(
    params: Array,
    grads: Array,
    momentum: Array,
    cache: Array,
    *,
    beta_1: float,
    beta_2: float,
    lr: float,
    epsilon: float,
) -> None:
    """A step of Adam: m ← β₁ m + grad; v ← β₂ v + grad²; w ← w − lr · m / (√v + ε).

    All arrays are flat, contiguous and of one dtype.
    """
    # A Python float would make the kernel compute in float64.
    number = params.dtype.type
    _adam(
        params,
        grads,
        momentum,
        cache,
        number(beta_1),
        number(beta_2),
        number(lr),
        number(epsilon),
    )


def add_gradient(w: Array, out: Array, gradient: LinearGradient) -> None:
    """Add a gradient at `w` to `out`; both are flat, contiguous and of one dtype."""
    number = out.dtype.type
    _add_gradient(
        w, out, number(gradient.sign), number(gradient.at_zero), number(gradient.multiple)
    )


@kernel
def _adam(
    params: Array,
    grads: Array,
    momentum: Array,
    cache: Array,
    beta_1: Any,
    beta_2: Any,
    lr: Any,
    epsilon: Any,
) -> None:
    for i in range(params.size):
        grad = grads[i]
        mean = beta_1 * momentum[i] + grad
        square = beta_2 * cache[i] + grad * grad
        momentum[i] = mean
        cache[i] = square
        params[i] -= lr * mean / (np.sqrt(square) + epsilon)


@kernel
def _add_gradient(w: Array, out: Array, sign: Any, at_zero: Any, multiple: Any) -> None:
    for i in range(w.size):
        entry = w[i]
        jump = sign if entry > 0 else -sign
        out[i] += (at_zero if entry == 0 else jump) + multiple * entry
