"""ReLU and its gradient, in place, for the first n entries of flat and contiguous arrays."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.jit import kernel

HALF = np.float32(0.5)
NOTHING = np.float32(0)


@kernel
def rectify(values: Array, n: int) -> None:
    """`max(values, 0)`, keeping NaN; a maximum or a comparison would not be vectorized."""
    for i in range(n):
        values[i] = HALF * values[i] + HALF * abs(values[i])


@kernel
def let_through(outputs: Array, doutputs: Array, n: int) -> None:
    """`doutputs` where `outputs` is above 0, else 0."""
    for i in range(n):
        doutputs[i] = doutputs[i] if outputs[i] > 0 else NOTHING
