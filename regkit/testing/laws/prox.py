"""The proximal operator: its optimality condition, its legal steps, and what convexity implies.

Moreau's identity is not among the laws: for a dual computed from the same prox it always holds.
`prox_minimum` checks that the point is a minimizer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import numpy as np

from regkit.testing.cases import LARGER, SMALL, Case
from regkit.testing.difference import EPS, NOISE, brackets, judged
from regkit.testing.law import law
from regkit.testing.params import Params, combined
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

CONDITION = 16 * EPS
KINKS_AT_ZERO = 3
"""The largest number of entries set to 0 by the prox whose slopes are checked."""


def no_prox(penalty: PenaltyUnderTest) -> str | None:
    """Why the laws on proximal operators do not apply."""
    return None if penalty.has_prox() else "it has no proximal operator"


def legal_steps(penalty: PenaltyUnderTest) -> list[float]:
    """Steps from 1e-6 to the declared largest one, or to 1e3."""
    largest = penalty.largest_step()
    if np.isinf(largest):
        products = [1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3]
    else:
        products = [min(1e-6, largest), *(share * largest for share in (1e-3, 0.1, 0.5, 0.9, 1.0))]
    return [product / penalty.unit for product in products]


@law(
    "prox-optimality",
    "w − prox(w) = step × gradient at the proximal point, where the penalty is smooth there.",
    applies=no_prox,
    constraints=False,
)
def prox_optimality(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Up to rounding; where that fails, at a kink, within the one-sided slopes."""
    scales = cycle((1.0, 0.1, 10.0, 1.0, 10.0, 1.0, 0.1))
    for step in legal_steps(penalty):
        for shape in (*SMALL, *LARGER[:2]):
            cases = [
                Case(pattern, shape, scale, penalty.seed)
                for pattern in ("normal", "ties", "some zeros", "zero rows")
                for scale in (next(scales), next(scales))
            ]
            for params in penalty.drawn(cases):
                yield from _stationary(penalty, params, step)


def _stationary(penalty: PenaltyUnderTest, params: Params, step: float) -> Iterator[bool]:
    moved = penalty.prox(params, step)
    slopes = penalty.grad(moved)
    for name, array in params.items():
        force = step * slopes[name]
        left_over = np.abs(array - moved[name] - force)
        size = max(np.max(np.abs(array), initial=0), np.max(np.abs(force), initial=0))
        off = ~(left_over <= CONDITION * size)
        zeros = np.argwhere(off & (moved[name] == 0))[:KINKS_AT_ZERO]
        for index in (*np.argwhere(off & (moved[name] != 0)), *zeros):
            _require_kink(penalty, params, moved, name, tuple(index.tolist()), step)
    yield bool(np.any(moved.flat()))


def _require_kink(
    penalty: PenaltyUnderTest,
    params: Params,
    moved: Params,
    name: str,
    index: tuple[int, ...],
    step: float,
) -> None:
    """An entry that fails the condition must be at a kink whose slopes include (w − x)/step."""
    wanted = float((params[name][index] - moved[name][index]) / step)
    own = Params(dict(moved))
    size = own.size() or 1.0
    judgement = judged(
        wanted,
        # The distance that the entry moved to 0 is the scale of the penalty's kink there.
        brackets(penalty, own, name, index, reach_at_zero=abs(float(params[name][index]))),
        at_zero=own[name][index] == 0,
        largest=abs(wanted),
        rounding=CONDITION * max(params.size(), size) / step,
    )
    if not judgement.agrees:
        place = ", ".join(map(str, index))
        raise Violation(
            f"at [{place}] (w − x)/step is {wanted:.9g}, and the penalty's slope at x is "
            f"{judgement.low:.9g} … {judgement.high:.9g}",
            {"params": params, "step": step},
            f"moved = {{**params, **{penalty.prox_source()}}}\n"
            f"slope = {penalty.grad_source('moved')}[{name!r}][{place}]\n"
            f"(params[{name!r}][{place}] - moved[{name!r}][{place}]) / step, slope",
            off=judgement.off,
            allowed=judgement.allowed,
        )


@law(
    "prox-nonexpansive",
    "⟨prox(x) − prox(y), x − y⟩ ≥ ‖prox(x) − prox(y)‖², as for every convex penalty.",
    applies=lambda penalty: (
        no_prox(penalty)
        or (None if penalty.declared("convex") else "the author does not declare 'convex'")
    ),
)
def prox_nonexpansive(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Pairs of near and of distant points; around the step, thresholds are crossed."""
    for step in legal_steps(penalty):
        for shape in SMALL:
            for scale in (step * penalty.unit, 1.0, 10.0):
                for seed, apart in enumerate((1e-3, 0.1, 0.3, 1.0, 1.0, 1.0), penalty.seed):
                    x = penalty.one(Case("some zeros", shape, scale, seed))
                    away = penalty.params(Case("normal", shape, scale * apart, seed + 1))
                    if x is not None:
                        yield _nonexpansive(penalty, x, combined(np.add, x, away), step)


def _nonexpansive(penalty: PenaltyUnderTest, x: Params, y: Params, step: float) -> bool:
    moved = penalty.prox(x, step).flat() - penalty.prox(y, step).flat()
    given = x.flat() - y.flat()
    excess = float(moved @ moved - moved @ given)
    # The points are rounded, and so are their differences.
    noise = NOISE * (1 + x.size() + y.size()) * float(np.sum(np.abs(given)))
    if excess > noise:
        raise Violation(
            "the proximal points are too far apart",
            {"x": x, "y": y, "step": step},
            f"[{penalty.prox_source()} for params in (x, y)]",
            off=excess,
            allowed=noise,
        )
    return bool(np.any(moved))


@law(
    "prox-largest-step",
    "Proximal points are finite up to the declared largest step × strength, and refused beyond.",
    applies=lambda penalty: (
        no_prox(penalty)
        or ("the author declares no 'max_step'" if np.isinf(penalty.largest_step()) else None)
    ),
    constraints=False,
)
def prox_largest_step(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """At the largest step, and just beyond it."""
    largest = penalty.largest_step() / penalty.unit
    cases = [Case("normal", (2, 3), scale, penalty.seed) for scale in (1e-3, 1.0, 1e3)]
    for params in penalty.drawn(cases):
        if not np.isfinite(penalty.prox(params, largest).flat()).all():
            raise Violation(
                "the proximal point at the largest legal step is not finite",
                {"params": params, "step": largest},
                penalty.prox_source(),
            )
        try:
            penalty.prox(params, 1.01 * largest)
        except Violation:
            yield True
            continue
        raise Violation(
            "a step × strength beyond 'max_step' is not refused",
            {"params": params, "step": 1.01 * largest},
            penalty.prox_source(),
        )
