"""Proximal points of groups on whole matrices, in the type and in the order that serve them best.

`group_equation` says what is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.group_columns import LANES, threshold_columns
from regkit.kernels.numba.group_equation import LARGEST, Numbers
from regkit.kernels.numba.group_rows import threshold_rows
from regkit.kernels.numba.two_threads import Both

MOST = 1e60
"""For g where the step is 0: to float32 it is ∞, which is out of range."""
FLOAT64 = np.dtype(np.float64)

WORTH_A_THREAD = 100_000
"""Entries, about a quarter of a millisecond, from which a matrix is cut in two."""


def set_points(
    w: Array,
    cache: Array,
    out: Array,
    numbers: tuple[float, float, float, float],
    memory: Callable[[str, int, np.dtype[Any]], Array],
    both: Both,
    *,
    columns: bool,
) -> None:
    """Set `out`, which may be `w`, to the proximal points of groups that are columns, or rows.

    In float32 the sums of a group may leave the range: it is then computed in float64, and so are
    all if κ² would leave it. A large matrix is two halves; the digits do not depend on that.

    Args:
        w: (rows, columns), contiguous.
        cache: the same.
        out: the same.
        numbers: scale, ε, κ = lr · λ₂, above 0, and lr · λ₁.
        memory: gives flat memory of a name, a size and a type.
        both: calls two functions.
        columns: whether the groups are columns.
    """
    in_range = 1 / LARGEST < numbers[2] * numbers[2] < LARGEST
    narrow = w.dtype if in_range else FLOAT64
    threshold, shape, count, at_once = (
        (threshold_columns, (w.shape[0] + w.shape[0] % 2, 2 * LANES), w.shape[1], LANES)
        if columns
        else (threshold_rows, (2, w.shape[1]), w.shape[0], 1)
    )

    def computed(first: int, stop: int, dtype: np.dtype[Any], space: Array) -> int:
        careful = dtype != FLOAT64
        scale, epsilon, kappa, tau = map(dtype.type, numbers)
        most = dtype.type(np.inf if careful else MOST)
        tolerance = float(np.finfo(w.dtype).eps)
        of_type = Numbers(scale, epsilon, kappa, most, tau if tau else None, tolerance, careful)
        return threshold(w, cache, out, first, stop, of_type, space)

    def space(half: int, dtype: np.dtype[Any]) -> Array:
        name = f"groups {half} of {dtype}"
        return memory(name, shape[0] * shape[1], dtype).reshape(shape)

    def part(first: int, stop: int, half: int) -> None:
        while first < stop:
            first = computed(first, stop, narrow, space(half, narrow))
            if first < stop:
                first = computed(first, min(first + at_once, stop), FLOAT64, space(half, FLOAT64))

    middle = count // 2 // at_once * at_once
    if w.size < WORTH_A_THREAD or not middle:
        part(0, count, 0)
    else:
        both(lambda: part(0, middle, 0), lambda: part(middle, count, 1))
