"""Proximal points of groups, λ₂ Σ‖group‖ + λ₁ Σ|w|, where every entry has a step of its own.

Of an entry w with step s = lr / g, where g = scale · √cache + ε, let u be g times w thresholded at
λ₁ s, and κ = lr · λ₂. Its group's proximal point is 0 if ‖u‖ ≤ κ, and else r u / (r g + κ), where r
is the point's norm: the root of ‖u / (r g + κ)‖ = 1. In this form nothing is divided before the
root is looked for, a step that is far too large or small does no harm, and λ₁ costs nothing later.

h(r) = 1 / ‖u / (r g + κ)‖ is a power mean of lines in r: it rises, is concave and nearly straight.
So a rational function with h's value and two derivatives at 0 and its slope at infinity, all four
from the sums of the pass that reads the group, has a root that is a few thousandths away. One
step of Chebyshev's method (Newton's with the second derivative) from there is exact in float32.

A group's u and g stay in the cache meanwhile. Groups that are columns are taken in blocks of
neighbours, one lane each, so that a row of the block is contiguous; a group that is a row is summed
along itself. All that one loop writes lies in one array, at distances that are constants: otherwise
more addresses would have to be compared than the compiler is willing to before it vectorizes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.numba.jit import kernel

LANES = 64
"""Columns of a block: 256 bytes of float32 in each row."""
ROWS = 32
"""So many rows are summed in the type of the memory before the sum is added to one in float64."""
ENTRIES = 1024
"""The same along a row, where eight and more sums of the type run side by side."""
MOST_PASSES = 50
LARGEST = 1e30
"""Above it, or below its inverse, squares come too close to the ends of float32."""
MOST = 1e60
"""For g where the step is 0: to float32 it is ∞, which is out of range."""
FLOAT64 = np.dtype(np.float64)


def set_points(
    w: Array,
    cache: Array,
    out: Array,
    numbers: tuple[float, float, float, float],
    memory: Callable[[str, int, np.dtype[Any]], Array],
    *,
    columns: bool,
) -> None:
    """Set `out`, which may be `w`, to the proximal points of groups that are columns, or rows.

    In float32 the sums of a group may leave the range: it is then computed in float64, and so are
    all if κ² would leave it.

    Args:
        w: (rows, columns), contiguous.
        cache: the same.
        out: the same.
        numbers: scale, ε, κ = lr · λ₂, above 0, and lr · λ₁.
        memory: gives flat memory of a name, a size and a type.
        columns: whether the groups are columns.
    """
    in_range = 1 / LARGEST < numbers[2] * numbers[2] < LARGEST
    narrow = w.dtype if in_range else FLOAT64
    threshold, shape, count, at_once = (
        (threshold_columns, (w.shape[0] + w.shape[0] % 2, 2 * LANES), w.shape[1], LANES)
        if columns
        else (threshold_rows, (2, w.shape[1]), w.shape[0], 1)
    )

    def computed(first: int, stop: int, dtype: np.dtype[Any]) -> int:
        careful = dtype != FLOAT64
        name = "groups" if careful else "groups in float64"
        space = memory(name, shape[0] * shape[1], dtype).reshape(shape)
        scale, epsilon, kappa, tau = map(dtype.type, numbers)
        most = dtype.type(np.inf if careful else MOST)
        tolerance = float(np.finfo(w.dtype).eps)
        cut = tau if tau else None
        return threshold(
            w, cache, out, first, stop, scale, epsilon, kappa, most, cut, tolerance, careful, space
        )

    done = 0
    while done < count:
        done = computed(done, count, narrow)
        if done < count:
            done = computed(done, min(done + at_once, count), FLOAT64)


@kernel
def threshold_columns(
    w: Array,
    cache: Array,
    out: Array,
    first: int,
    stop: int,
    scale: Any,
    epsilon: Any,
    kappa: Any,
    most: Any,
    tau: Any,
    tolerance: float,
    careful: bool,
    space: Array,
) -> int:
    """Set `out`, which may be `w`, to the points of the columns from `first` to `stop`.

    `most` is the largest g, and `tau` is lr · λ₁ or None. `space` has the rows of `w`, or one more
    to be even, and room for u and g of one block in each. What is computed is of its type.

    Returns the first column that is not done: if `careful`, that of a block which leaves the range.
    """
    part = np.empty(4 * LANES, space.dtype)
    sums = np.empty(4 * LANES)
    radius = np.empty(LANES, space.dtype)
    slack = np.empty(LANES)
    for left in range(first, stop, LANES):
        count = min(LANES, stop - left)
        _read_columns(w, cache, left, count, scale, epsilon, most, tau, space, part, sums)
        moving = False
        for j in range(count):
            square = sums[3 * LANES + j]
            start = _start(sums[j], sums[LANES + j], sums[2 * LANES + j], square, kappa)
            if careful and not _is_in_range(start, square):
                return left
            radius[j] = start
            slack[j] = tolerance * np.sqrt(square)
            moving |= start > 0
        for _ in range(MOST_PASSES):
            if not moving:
                break
            _weigh_columns(space, count, radius, kappa, part, sums)
            moving = False
            for j in range(count):
                if radius[j] > 0:
                    following, error = _step(
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
def threshold_rows(
    w: Array,
    cache: Array,
    out: Array,
    first: int,
    stop: int,
    scale: Any,
    epsilon: Any,
    kappa: Any,
    most: Any,
    tau: Any,
    tolerance: float,
    careful: bool,
    space: Array,
) -> int:
    """The same for groups that are rows; `space` is (2, entries of a group)."""
    u, g = space[0], space[1]
    for row in range(first, stop):
        z0, z1, z2, square = _read_row(w[row], cache[row], scale, epsilon, most, tau, u, g)
        start = _start(z0, z1, z2, square, kappa)
        if careful and not _is_in_range(start, square):
            return row
        radius = u.dtype.type(start)
        slack = tolerance * np.sqrt(square)
        for _ in range(MOST_PASSES if start > 0 else 0):
            f, s1, s2 = _weigh_row(u, g, radius, kappa)
            following, error = _step(f, s1, s2, radius)
            if careful and not following < LARGEST:
                return row
            radius = u.dtype.type(following)
            if not error > slack:
                break
        point = out[row]
        for i in range(point.size):
            point[i] = radius * u[i] / (radius * g[i] + kappa)
    return stop


@kernel
def _start(z0: float, z1: float, z2: float, square: float, kappa: Any) -> float:
    """Near the root, from ‖u‖² = `z0`, Σu²g, Σu²g² and ‖w‖² = `square`; 0 for a group that is."""
    kappa = np.float64(kappa)
    if z0 <= kappa * kappa:
        return 0.0
    root = np.sqrt(z0)
    height = kappa / root
    slope = z1 / (z0 * root)
    bend = 3 * (z1 * z1 / z0 - z2) / (kappa * z0 * root)
    newton = (1 - height) / slope
    at_infinity = 1 / np.sqrt(square)
    # h ≈ height + at_infinity · r + excess · r / (1 + r / reach)
    excess = slope - at_infinity
    if not (excess > 0 and bend < 0):
        return newton
    reach = -2 * excess / bend
    b = slope * reach + height - 1
    c = (1 - height) * reach
    found = 2 * c / (b + np.sqrt(b * b + 4 * at_infinity * c))
    # The root is no nearer than Newton's step from 0, and no farther than ‖w‖.
    return max(newton, min(found, np.sqrt(square)))


@kernel
def _is_in_range(start: float, square: float) -> bool:
    """Whether the sums of a group were computed without loss in float32."""
    return start == 0 or (start < LARGEST and 1 / LARGEST < square < LARGEST)


@kernel
def _step(f: float, s1: float, s2: float, radius: Any) -> tuple[float, float]:
    """Chebyshev's step from f = 1/h², Σ a²b, Σ a²b² with b = g / (r g + κ), and its error."""
    newton = f * (np.sqrt(f) - 1) / s1
    bend = max(-0.5, min(1.5 * (s2 / s1 - s1 / f) * newton, 0.5))
    following = max(radius + newton * (1 + bend), radius / 16)
    return following, (abs(newton) / radius + abs(bend)) * abs(bend * newton)


@kernel
def _shrunk(weight: Any, g: Any, tau: Any) -> Any:
    """The soft threshold at τ/g."""
    size = abs(weight) - tau / g
    return np.copysign(size if size > 0 else type(size)(0), weight)


@kernel
def _read_columns(
    w: Array,
    cache: Array,
    left: int,
    count: int,
    scale: Any,
    epsilon: Any,
    most: Any,
    tau: Any,
    space: Array,
    part: Array,
    sums: Array,
) -> None:
    """Set u and g of a block, and `sums` to Σu², Σu²g, Σu²g² and Σw² of its columns."""
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
                    weight = _shrunk(weight, g, tau)
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


@kernel
def _read_row(
    w: Array, cache: Array, scale: Any, epsilon: Any, most: Any, tau: Any, u: Array, g: Array
) -> Any:
    """Set u and g of a group; returns Σu², Σu²g, Σu²g² and Σw²."""
    z0 = z1 = z2 = square = 0.0
    for first in range(0, w.size, ENTRIES):
        part = slice(first, min(first + ENTRIES, w.size))
        p0, p1, p2, p3 = _read_part(
            w[part], cache[part], scale, epsilon, most, tau, u[part], g[part]
        )
        z0, z1, z2, square = z0 + p0, z1 + p1, z2 + p2, square + p3
    return z0, z1, z2, square


@kernel
def _read_part(
    w: Array, cache: Array, scale: Any, epsilon: Any, most: Any, tau: Any, u: Array, g: Array
) -> Any:
    one = u.dtype.type(1)
    z0 = z1 = z2 = square = u.dtype.type(0)
    for i in range(w.size):
        own = min(scale * np.sqrt(cache[i]) + epsilon, most)
        weight = one * w[i]
        if tau is not None:
            weight = _shrunk(weight, own, tau)
        square += weight * weight
        scaled = weight * own
        u[i] = scaled
        g[i] = own
        term = scaled * scaled
        z0 += term
        term *= own
        z1 += term
        z2 += term * own
    return z0, z1, z2, square


@kernel
def _weigh_row(u: Array, g: Array, radius: Any, kappa: Any) -> Any:
    """The three sums that `_step` takes, of a group."""
    f = s1 = s2 = 0.0
    for first in range(0, u.size, ENTRIES):
        part = slice(first, min(first + ENTRIES, u.size))
        p0, p1, p2 = _weigh_part(u[part], g[part], radius, kappa)
        f, s1, s2 = f + p0, s1 + p1, s2 + p2
    return f, s1, s2


@kernel
def _weigh_part(u: Array, g: Array, radius: Any, kappa: Any) -> Any:
    one = u.dtype.type(1)
    f = s1 = s2 = u.dtype.type(0)
    for i in range(u.size):
        inverse = one / (radius * g[i] + kappa)
        a = u[i] * inverse
        b = g[i] * inverse
        term = a * a
        f += term
        term *= b
        s1 += term
        s2 += term * b
    return f, s1, s2
