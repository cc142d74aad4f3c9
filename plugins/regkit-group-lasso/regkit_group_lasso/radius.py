"""The norm of a group's proximal point under a step for each entry, by Newton's method.

All groups are rows, scaled to norm 1: `squares` holds w² / ‖w‖², `steps` holds c · stepᵢ / ‖w‖.
The penalty of a group is c‖x‖, or with `gamma` the group MCP c(‖x‖ − ‖x‖²/2γ), γ in units of ‖w‖.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regkit import array_namespace
from regkit.array_libraries import entries_are_at_hand

if TYPE_CHECKING:
    from regkit.array_types import Array

MOST_ITERATIONS = 100
FIXED_ITERATIONS = 30
"""Where shapes and control flow may not depend on the data. 3 to 8 are the rule."""


def radius(squares: Array, steps: Array, gamma: Array | None, tolerance: float) -> Array:
    """r = ‖x‖ of each group's proximal point x, in units of ‖w‖; γ for x = w under group MCP.

    Where 0 < r < γ, the condition of stationarity is x = w r/d with d = r + steps (1 − r/γ), and so
    1/‖w/d‖ = 1. The left side is a power mean of numbers that are linear in r, hence concave:
    Newton's method rises from any point below the first root to that root, quadratically. r = 0 is
    the proximal point if ‖w/steps‖ ≤ 1. Under group MCP the objective rises after the first root,
    and may fall again up to x = w, which is the global minimizer where its objective is lower.

    Args:
        squares: (groups, entries), w² / ‖w‖²; a row of zeros for a group that is 0.
        steps: (groups, entries), c · step / ‖w‖, above 0.
        gamma: (groups, 1), or None for ∞.
        tolerance: of the last Newton step, relative to r; what is left is of the order of its
            square.

    Returns:
        (groups, 1), NaN for a group that holds NaN.
    """
    r = _start(squares, steps, gamma)
    if isinstance(squares, np.ndarray):
        r = _until_settled(squares, steps, gamma, r, tolerance)
    else:
        for _ in range(FIXED_ITERATIONS):
            before, r = r, _newton_step(squares, steps, gamma, r)
            if entries_are_at_hand(r) and not bool((abs(r - before) > tolerance * r).any()):
                break
    return r if gamma is None else _global_minimizer(squares, steps, gamma, r)


def denominators(steps: Array, gamma: Array | None, r: Array) -> Array:
    """d = r + steps (1 − r/γ), by which the proximal point is w r/d."""
    return steps + r if gamma is None else steps * (1 - r / gamma) + r


def _start(squares: Array, steps: Array, gamma: Array | None) -> Array:
    """Where the equation at the mean step holds: by Jensen's inequality at most the first root."""
    xp = array_namespace(squares)
    mean = xp.vecdot(squares, steps)[:, None]
    excess: Array = xp.maximum(1 - mean, 0)
    if gamma is None:
        # Where that says nothing, r = 1 is no less than the root, and the next step falls below it.
        start: Array = xp.where(excess == 0, 1, excess)
        return start
    rest = 1 - mean / gamma
    above = xp.minimum(excess / xp.where(rest > 0, rest, 1), gamma)
    bound: Array = xp.where(rest > 0, above, 0 * mean)
    return bound


def _newton_step(squares: Array, steps: Array, gamma: Array | None, r: Array) -> Array:
    """The next radius, at least 0; under group MCP γ once no root can follow."""
    xp = array_namespace(squares)
    inverses = 1 / denominators(steps, gamma, r)
    inverse_squares = inverses * inverses
    # ‖w/d‖², and Σ w²d′/d³, minus half its derivative: d′ = (γ − d)/(γ − r).
    norm = xp.vecdot(squares, inverse_squares)[:, None]
    slope = xp.vecdot(squares, inverse_squares * inverses)[:, None]
    rise = norm * (xp.sqrt(norm) - 1)
    if gamma is None:
        risen: Array = xp.maximum(r + rise / xp.where(slope == 0, 1, slope), 0)
        return risen
    slope = (gamma * slope - norm) / xp.where(r < gamma, gamma - r, gamma)
    falling = slope <= 0
    risen = xp.minimum(r + rise / xp.where(falling, 1, slope), gamma)
    following: Array = xp.where(norm <= 1, r, xp.where(falling, gamma, risen))
    return following


def _until_settled(
    squares: Array, steps: Array, gamma: Array | None, r: Array, tolerance: float
) -> Array:
    """Newton's method on the groups that still move."""
    settled = np.empty_like(r)
    groups = np.arange(len(r))
    for _ in range(MOST_ITERATIONS):
        before, r = r, _newton_step(squares, steps, gamma, r)
        # NaN compares false, and is done.
        moving = (abs(r - before) > tolerance * r)[:, 0]
        count = np.count_nonzero(moving)
        if count == 0:
            break
        # To copy the rest pays only if much is left behind.
        if count <= len(groups) // 2:
            settled[groups] = r
            groups, r = groups[moving], r[moving]
            squares, steps = squares[moving], steps[moving]
            gamma = None if gamma is None else gamma[moving]
    settled[groups] = r
    return settled


def _global_minimizer(squares: Array, steps: Array, gamma: Array, r: Array) -> Array:
    """r, or γ where x = w costs less than the first stationary point. In units of c‖w‖."""
    xp = array_namespace(squares)
    rest = 1 - r / gamma
    moved = xp.vecdot(squares, steps / denominators(steps, gamma, r) ** 2)[:, None]
    cost = r - r**2 / (2 * gamma) + rest**2 * moved / 2
    best: Array = xp.where((gamma <= 1) & (r < gamma) & (cost > gamma / 2), gamma, r)
    return best
