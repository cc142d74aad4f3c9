"""Points of groups that are rows, each of which is summed along itself."""

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

ENTRIES = 1024
"""So many entries are summed in the type of the memory, in eight and more sums side by side, before
the sum is added to one in float64."""


@kernel
def threshold_rows(
    w: Array,
    cache: Array,
    out: Array,
    first: int,
    stop: int,
    numbers: Numbers,
    space: Array,
) -> int:
    """As `threshold_columns`, for groups that are rows; `space` is (2, entries of a group)."""
    u, g = space[0], space[1]
    kappa, careful = numbers.kappa, numbers.careful
    for row in range(first, stop):
        z0, z1, z2, square = _read_row(w[row], cache[row], numbers, u, g)
        near = start(z0, z1, z2, square, kappa)
        if careful and not is_in_range(near, square):
            return row
        radius = u.dtype.type(near)
        slack = numbers.tolerance * np.sqrt(square)
        for _ in range(MOST_PASSES if near > 0 else 0):
            f, s1, s2 = _weigh_row(u, g, radius, kappa)
            following, error = step(f, s1, s2, radius)
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
def _read_row(w: Array, cache: Array, numbers: Numbers, u: Array, g: Array) -> Any:
    """Set u and g of a group; returns Σu², Σu²g, Σu²g² and Σw²."""
    z0 = z1 = z2 = square = 0.0
    for first in range(0, w.size, ENTRIES):
        part = slice(first, min(first + ENTRIES, w.size))
        p0, p1, p2, p3 = _read_part(w[part], cache[part], numbers, numbers.tau, u[part], g[part])
        z0, z1, z2, square = z0 + p0, z1 + p1, z2 + p2, square + p3
    return z0, z1, z2, square


@kernel
def _read_part(w: Array, cache: Array, numbers: Numbers, tau: Any, u: Array, g: Array) -> Any:
    scale, epsilon, most = numbers.scale, numbers.epsilon, numbers.most
    one = u.dtype.type(1)
    z0 = z1 = z2 = square = u.dtype.type(0)
    for i in range(w.size):
        own = min(scale * np.sqrt(cache[i]) + epsilon, most)
        weight = one * w[i]
        if tau is not None:
            weight = shrunk(weight, own, tau)
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
