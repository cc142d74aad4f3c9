"""Points of groups that are columns, in blocks of neighbours, one lane each.

So a row of a block is contiguous. A block's u and g stay in the cache from one pass to the next.
All that one loop writes lies in one array, at distances that are constants: otherwise more
addresses would have to be compared than the compiler is willing to before it vectorizes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.group_equation import (
    LARGEST,
    MOST_PASSES,
    Numbers,
    is_in_range,
    shrunk,
    start,
    step,
)
from regkit.kernels.numba.jit import kernel

LANES = 64
"""Columns of a block: 256 bytes of float32 in each row."""
ROWS = 32
"""So many rows are summed in the type of the memory before the sum is added to one in float64."""


@kernel
def threshold_columns(
    w: Array,
    cache: Array,
    out: Array,
    first: int,
    stop: int,
    numbers: Numbers,
    space: Array,
) -> int:
    """Set `out`, which may be `w`, to the points of the columns from `first` to `stop`.

    `space` has the rows of `w`, or one more
    to be even, and room for u and g of one block in each. What is computed is of its type.

    Returns the first column that is not done: if they are to be `careful`, that of a block which
    leaves the range.
    """
    kappa, careful = numbers.kappa, numbers.careful
    part = np.empty(4 * LANES, space.dtype)
    sums = np.empty(4 * LANES)
    radius = np.empty(LANES, space.dtype)
    slack = np.empty(LANES)
    for left in range(first, stop, LANES):
        count = min(LANES, stop - left)
        _read_columns(w, cache, left, count, numbers, numbers.tau, space, part, sums)
        moving = False
        for j in range(count):
            square = sums[3 * LANES + j]
            near = start(sums[j], sums[LANES + j], sums[2 * LANES + j], square, kappa)
            if careful and not is_in_range(near, square):
                return left
            radius[j] = near
            slack[j] = numbers.tolerance * np.sqrt(square)
            moving |= near > 0
        for _ in range(MOST_PASSES):
            if not moving:
                break
            _weigh_columns(space, count, radius, kappa, part, sums)
            moving = False
            for j in range(count):
                if radius[j] > 0:
                    following, error = step(
                        sums[j], sums[LANES + j], sums[2 * LANES + j], radius[j]
                    )
                    if careful and not following < LARGEST:
                        return left
                    radius[j] = following
                    moving |= error > slack[j]
        for row in range(w.shape[0]):
            point, u_and_g = out[row, left : left + count], space[row]
            for j in range(count):
                r = radius[j]
                point[j] = r * u_and_g[j] / (r * u_and_g[LANES + j] + kappa)
    return stop


@kernel
def _read_columns(
    w: Array,
    cache: Array,
    left: int,
    count: int,
    numbers: Numbers,
    tau: Any,  # What numba knows to be None must be an argument.
    space: Array,
    part: Array,
    sums: Array,
) -> None:
    """Set u and g of a block, and `sums` to Σu², Σu²g, Σu²g² and Σw² of its columns."""
    scale, epsilon, most = numbers.scale, numbers.epsilon, numbers.most
    one = space.dtype.type(1)
    sums[:] = 0
    space[w.shape[0] :, :LANES] = 0
    space[w.shape[0] :, LANES:] = 1
    for top in range(0, w.shape[0], ROWS):
        part[:] = 0
        for row in range(top, min(top + ROWS, w.shape[0])):
            weights, squares = w[row, left : left + count], cache[row, left : left + count]
            u_and_g = space[row]
            for j in range(count):
                g = min(scale * np.sqrt(squares[j]) + epsilon, most)
                weight = one * weights[j]
                if tau is not None:
                    weight = shrunk(weight, g, tau)
                part[3 * LANES + j] += weight * weight
                u = weight * g
                u_and_g[j] = u
                u_and_g[LANES + j] = g
                term = u * u
                part[j] += term
                term *= g
                part[LANES + j] += term
                part[2 * LANES + j] += term * g
        sums += part


@kernel
def _weigh_columns(
    space: Array, count: int, radius: Array, kappa: Any, part: Array, sums: Array
) -> None:
    """Set `sums` to the three that `_step` takes, of a block's columns.

    Two rows at a time: to read and write the sums takes as long as a division.
    """
    flat = space.reshape(-1)
    one = space.dtype.type(1)
    sums[:] = 0
    for top in range(0, space.shape[0], ROWS):
        part[:] = 0
        for row in range(top, min(top + ROWS, space.shape[0]), 2):
            pair = flat[2 * LANES * row : 2 * LANES * (row + 2)]
            for j in range(count):
                r = radius[j]
                inverse = one / (r * pair[LANES + j] + kappa)
                inverse_2 = one / (r * pair[3 * LANES + j] + kappa)
                a, b = pair[j] * inverse, pair[LANES + j] * inverse
                a_2, b_2 = pair[2 * LANES + j] * inverse_2, pair[3 * LANES + j] * inverse_2
                term, term_2 = a * a, a_2 * a_2
                part[j] += term + term_2
                term, term_2 = term * b, term_2 * b_2
                part[LANES + j] += term + term_2
                part[2 * LANES + j] += term * b + term_2 * b_2
        sums += part
