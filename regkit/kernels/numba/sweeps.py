"""Single passes over flat arrays, which do all work on an entry at once.

All arrays are contiguous and of one dtype, and so are the numbers: a Python float would make a
kernel compute in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.jit import kernel


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
    """Add sign · sign(w) + multiple · w to `out`, with `at_zero` for the sign where w is 0.

    The arrays may have any shape.
    """
    entries, sums = w.reshape(-1), out.reshape(-1)
    for i in range(w.size):
        entry = entries[i]
        jump = sign if entry > 0 else -sign
        sums[i] += (at_zero if entry == 0 else jump) + multiple * entry


@kernel
def let_through(outputs: Array, doutputs: Array) -> None:
    """`doutputs` where `outputs` is above 0, else 0."""
    for i in range(outputs.size):
        doutputs[i] = doutputs[i] if outputs[i] > 0 else doutputs.dtype.type(0)
