"""`subgradient_distance`: how far a point is from stationary."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import LARGER, SMALL, Case
from regkit.testing.law import law, where_offered
from regkit.testing.laws.prox import legal_steps
from regkit.testing.params import Params, combined
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

CLOSE = 1e-9


@law(
    "subgradient-distance",
    "subgradient_distance(w, g) is 0 exactly where −g is a subgradient at w.",
    applies=where_offered("subgradient_distance"),
    constraints=False,
)
def subgradient_distance(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """At gradients, moved gradients, proximal points, and points that a prox would move."""
    cases = [
        Case(pattern, shape, scale, penalty.seed)
        for shape in (*SMALL, *LARGER)
        for pattern in ("normal", "some zeros", "zero rows")
        for scale in (1e-6, 0.1, 1.0, 10.0)
    ]
    for case in cases:
        w = penalty.one(case)
        if w is None:
            continue
        g = penalty.grad(w).times(-1 / penalty.unit)
        if case.pattern == "normal" or penalty.declared("convex"):
            _require_distance(penalty, w, g, 0.0, CLOSE * (1 + g.size()))
        if case.pattern == "normal":
            yield _moved(penalty, w, g)
        if penalty.has_prox():
            yield from _by_prox(penalty, w)


def _moved(penalty: PenaltyUnderTest, w: Params, g: Params) -> bool:
    """Where the penalty is smooth the distance is the size of what was added to the gradient."""
    if not _is_smooth(penalty, w):
        return False
    random = penalty.params(Case("normal", next(iter(w.values())).shape, 0.5, penalty.seed + 5))
    for added in (random, g.times(-2.0)):
        other = combined(np.add, g, added)
        least, most = added.size(), float(np.linalg.norm(added.flat()))
        _require_distance(penalty, w, other, least, most, slack=1e-6 * (1 + g.size()))
    return True


def _is_smooth(penalty: PenaltyUnderTest, w: Params) -> bool:
    """Whether the gradient changes little around w, so that it is the only subgradient."""
    here = penalty.grad(w).flat()
    for sign in (1.0, -1.0):
        nudged = w.times(1 + sign * 1e-7)
        if np.max(np.abs(penalty.grad(nudged).flat() - here)) > 1e-4 * (1 + np.max(np.abs(here))):
            return False
    return True


def _by_prox(penalty: PenaltyUnderTest, z: Params) -> Iterator[bool]:
    """A proximal point is stationary under (x − z)/t; elsewhere a prox moves the point."""
    for step in legal_steps(penalty)[1:4]:
        product = step * penalty.unit
        x = penalty.prox(z, step)
        g = combined(lambda point, start, t=product: (point - start) / t, x, z)
        slack = CLOSE * (1 + z.size() / product)
        _require_distance(penalty, x, g, 0.0, slack)
        yield bool(np.any(x.flat() == 0))
        if penalty.declared("convex"):
            g = g.map(lambda array: 2.0 * array + 0.1)
            start = combined(lambda point, slope, t=product: point - t * slope, x, g)
            left = (x.flat() - penalty.prox(start, step).flat()) / product
            least = float(np.linalg.norm(left)) / math.sqrt(left.size)
            _require_distance(penalty, x, g, least, math.inf, slack=slack)
            yield least > slack


def _require_distance(
    penalty: PenaltyUnderTest,
    w: Params,
    g: Params,
    least: float,
    most: float,
    slack: float = 0.0,
) -> None:
    distance = float(penalty.direct("subgradient_distance", w, g=g))
    if least - slack <= distance <= most + slack:
        return
    wanted = f"at most {most:.3g}" if not least else f"between {least:.9g} and {most:.9g}"
    raise Violation(
        f"subgradient_distance is {distance!r}, not {wanted}",
        {"params": w, "g": g},
        penalty.direct_source("subgradient_distance", g=g),
        off=max(least - distance, distance - most),
        allowed=slack,
    )
