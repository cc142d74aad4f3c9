"""Proximal points of groups under a step for each entry, as in an adaptive optimizer's metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regkit import array_namespace
from regkit.array_libraries import in_float64
from regkit_group_lasso.radius import denominators, radius

if TYPE_CHECKING:
    from regkit.array_types import Array

ENTRIES_PER_BLOCK = 49152
"""Smaller blocks pay more for calls, larger ones leave the cache: six float64 arrays of 384 KiB."""


def weighted_threshold(w: Array, steps: Array, factor: float, gamma: float | None = None) -> Array:
    """argmin over x of Σ h(‖group of x‖) + Σ (xᵢ − wᵢ)²/(2 stepᵢ): the global minimizer.

    h(r) = `factor` · r, or with `gamma` the group MCP: factor · (r − r²/2γ), constant from γ on.

    Args:
        w: (groups, entries): each row is one group.
        steps: of w's shape, at least 0; an entry with step 0 keeps its value in a group that stays.
        factor: the weight of a group's norm.
        gamma: the norm from which on a group is free; None for ∞.

    Returns:
        an array of w's shape and dtype, computed in float64 where w's library has it.
    """
    xp = array_namespace(w)
    eps = float(xp.finfo(w.dtype).eps)
    if not isinstance(w, np.ndarray):
        whole = _thresholded(in_float64(w), in_float64(steps), factor, gamma, eps)
        rounded: Array = xp.astype(whole, w.dtype, copy=False)
        return rounded
    points = np.empty_like(w)
    count = max(1, ENTRIES_PER_BLOCK // max(1, w.shape[1]))
    for start in range(0, len(w), count):
        block = slice(start, start + count)
        points[block] = _thresholded(_compact(w[block]), _compact(steps[block]), factor, gamma, eps)
    return points


def _compact(block: Array) -> Array:
    """A copy in float64 with contiguous rows."""
    # Groups that are columns are gathered first: read from w itself, in strides of its whole rows,
    # they would fall on few sets of the cache.
    return np.array(block.copy(order="K"), np.float64, order="C")


def _thresholded(w: Array, steps: Array, factor: float, gamma: float | None, eps: float) -> Array:
    """The proximal points of some groups; `eps` is that of the type they are asked for in."""
    xp = array_namespace(w)
    squares = w * w
    norms = xp.sqrt(xp.sum(squares, axis=1, keepdims=True))
    inverse = 1 / xp.where(norms == 0, 1, norms)
    squares *= inverse * inverse
    # A step far below ‖w‖ moves nothing: the floor bounds 1/step³, and admits step 0.
    scaled_steps = xp.maximum(steps * (factor * inverse), eps**1.5)
    scaled_gamma = None if gamma is None else gamma * inverse
    r = radius(squares, scaled_steps, scaled_gamma, tolerance=0.01 * eps**0.5)
    points: Array = w * (r / denominators(scaled_steps, scaled_gamma, r))
    return points
