"""`dual_norm`: the smallest strength at which a data gradient leaves w = 0 where it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import cycle, product

import numpy as np

from regkit.testing.cases import LARGER, SMALL, Case
from regkit.testing.law import law, where_offered
from regkit.testing.laws.directions import directions
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

MARGIN = 1e-3
"""How far above and below the smallest strength it is tried."""

REACHES = (1.0, 1e-3, 1e-6)
NEAR = (1e-8, 1e-9)
"""How far from 0 points are compared with it: for penalties that are not convex, near ones only."""

INFINITE = 1e3
"""The strength that stands for ∞, relative to the gradient."""

NOISE = 1e-12


@law(
    "dual-norm",
    "w = 0 is stationary under the data gradient g just above the strength dual_norm(g), and not "
    "just below.",
    applies=where_offered("dual_norm"),
    constraints=False,
)
def dual_norm(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Points around 0, in directions of g, its entries, rows, columns and singular vectors."""
    combinations = product(
        (*SMALL, *LARGER), ("normal", "ties", "some zeros", "zero rows", "zeros")
    )
    cases = [
        Case(pattern, shape, scale, penalty.seed)
        for (shape, pattern), scale in zip(combinations, cycle((1.0, 1e-3, 1e3)))
    ]
    for case in cases:
        g = penalty.params(case)
        least = float(penalty.direct("dual_norm", g))
        if not least >= 0 or (not g.size() and least != 0):
            raise Violation(
                f"dual_norm is {least!r}, {'though g is 0' if least > 0 else 'not at least 0'}",
                {"params": g},
                penalty.direct_source("dual_norm"),
            )
        yield g.size() > 0 and _is_smallest(penalty, g, least)


def _is_smallest(penalty: PenaltyUnderTest, g: Params, least: float) -> bool:
    """Whether strengths on both sides of the smallest were decided."""
    if math.isfinite(least):
        above = least * (1 + MARGIN) or 1e-2 * g.size()
        change = _lowest(penalty, g, above)
        if change < 0:
            raise Violation(
                f"dual_norm is {least!r}, but at strength {above:.9g} a point near 0 is lower "
                f"by {-change:.3g}",
                {"params": g},
                penalty.direct_source("dual_norm"),
            )
        if least == 0:
            return True
    below = least * (1 - MARGIN) if math.isfinite(least) else INFINITE * g.size()
    if _lowest(penalty, g, below) < 0:
        return True
    if not (penalty.declared("elementwise") or (penalty.has_prox() and math.isfinite(least))):
        return False
    raise Violation(
        f"dual_norm is {least!r}, but at strength {below:.9g} no point near 0 is lower either",
        {"params": g},
        penalty.direct_source("dual_norm"),
    )


def _lowest(penalty: PenaltyUnderTest, g: Params, strength: float) -> float:
    """The least ⟨g, x⟩ + strength × (R(x) − R(0)) found, 0 where rounding decides."""
    zero = g.map(np.zeros_like)
    base = penalty.value(zero) / penalty.unit
    reaches = REACHES if penalty.declared("convex") else NEAR
    points = [x.times(reach) for x in directions(g) for reach in reaches]
    found = 0.0
    for x in (*points, *_proximal(penalty, g, strength)):
        linear = float(np.sum(g.flat() * x.flat()))
        risen = strength * (penalty.value(x) / penalty.unit - base)
        rounding = strength * abs(base) + abs(linear) + abs(risen)
        if linear + risen < -NOISE * rounding:
            found = min(found, linear + risen)
    return found


def _proximal(penalty: PenaltyUnderTest, g: Params, strength: float) -> Iterator[Params]:
    """prox(−t·g, t·strength): for a convex penalty it is 0 exactly where 0 is stationary."""
    for t in (1.0, 1e-6) if penalty.has_prox() and penalty.declared("convex") else ():
        threshold = t * strength
        if 0 < threshold <= penalty.largest_step():
            yield penalty.prox(g.times(-t), threshold / penalty.unit)
