"""The proximal operator: its optimality condition, its legal steps, and what convexity makes of it.

Moreau's identity is not among the laws: for a dual computed from the same prox it holds for any
nonsense. That the point is a minimizer is the law of `prox_minimum`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.testing.cases import LARGER, SMALL, Case
from regkit.testing.difference import EPS, NOISE, brackets, judged
from regkit.testing.law import Violation, law
from regkit.testing.point import Point, combined
from regkit.testing.subject import Subject

Array = NDArray[Any]

CONDITION = 16 * EPS
KINKS_AT_ZERO = 3
"""Entries that the prox made 0 and whose slopes are taken, where a point has more."""

EXACT = 1e-12
CALL = "regularizer.penalty_prox(layer(point), step)"


def no_prox(subject: Subject) -> str | None:
    """Why the laws on proximal operators say nothing."""
    return None if subject.has_prox() else "it has no proximal operator"


def legal_steps(subject: Subject) -> list[float]:
    """Steps from 1e-6 to the largest legal one, where the author declares one, and to 1e3 else."""
    largest = subject.largest_step()
    if np.isinf(largest):
        products = [1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3]
    else:
        products = [min(1e-6, largest), *(share * largest for share in (1e-3, 0.1, 0.5, 0.9, 1.0))]
    return [product / subject.unit for product in products]


@law(
    "prox-optimality",
    "w − prox(w) = step × gradient at the proximal point, where the penalty is smooth there.",
    applies=no_prox,
)
def prox_optimality(subject: Subject) -> Iterator[bool]:
    """To rounding; where that fails, at a kink, within the one-sided slopes."""
    for step in legal_steps(subject):
        for shape in (*SMALL, *LARGER[:2]):
            for pattern in ("normal", "ties", "some zeros", "zero rows"):
                for scale in (0.1, 1.0, 10.0):
                    point = subject.point(Case(pattern, shape, scale, subject.seed))
                    yield from _stationary(subject, point, step)


def _stationary(subject: Subject, point: Point, step: float) -> Iterator[bool]:
    moved = subject.prox(point, step)
    slopes = subject.grad(moved)
    for name, array in point.items():
        force = step * slopes[name]
        left_over = np.abs(array - moved[name] - force)
        size = max(np.max(np.abs(array), initial=0), np.max(np.abs(force), initial=0))
        off = ~(left_over <= CONDITION * size)
        zeros = np.argwhere(off & (moved[name] == 0))[:KINKS_AT_ZERO]
        for index in (*np.argwhere(off & (moved[name] != 0)), *zeros):
            _require_kink(subject, point, moved, name, tuple(index.tolist()), step)
    yield bool(np.any(moved.flat()))


def _require_kink(
    subject: Subject, point: Point, moved: Point, name: str, index: tuple[int, ...], step: float
) -> None:
    """An entry off the condition must be at a kink, whose slopes have (w − x)/step among them."""
    wanted = float((point[name][index] - moved[name][index]) / step)
    own = Point(dict(moved))
    size = own.size() or 1.0
    judgement = judged(
        wanted,
        # How far the entry came to 0 tells on which scale the penalty has its kink there.
        brackets(subject, own, name, index, reach_at_zero=abs(float(point[name][index]))),
        at_zero=own[name][index] == 0,
        largest=abs(wanted),
        rounding=CONDITION * max(point.size(), size) / step,
    )
    if not judgement.agrees:
        place = ", ".join(map(str, index))
        raise Violation(
            f"at [{place}] (w − x)/step is {wanted:.9g}, and the penalty's slope at x is "
            f"{judgement.low:.9g} … {judgement.high:.9g}",
            {"point": point, "step": step},
            CALL,
        )


@law(
    "prox-nonexpansive",
    "⟨prox(x) − prox(y), x − y⟩ ≥ ‖prox(x) − prox(y)‖², as for every convex penalty.",
    applies=lambda subject: (
        no_prox(subject)
        or (None if subject.declared("convex") else "the author does not declare 'convex'")
    ),
)
def prox_nonexpansive(subject: Subject) -> Iterator[bool]:
    """Pairs of points near each other and far apart; around the step, thresholds are crossed."""
    for step in legal_steps(subject):
        for shape in SMALL:
            for scale in (step * subject.unit, 1.0, 10.0):
                for seed, apart in enumerate((1e-3, 0.1, 0.3, 1.0, 1.0, 1.0), subject.seed):
                    x = subject.point(Case("some zeros", shape, scale, seed))
                    away = subject.point(Case("normal", shape, scale * apart, seed + 1))
                    yield _nonexpansive(subject, x, combined(np.add, x, away), step)


def _nonexpansive(subject: Subject, x: Point, y: Point, step: float) -> bool:
    moved = subject.prox(x, step).flat() - subject.prox(y, step).flat()
    given = x.flat() - y.flat()
    excess = float(moved @ moved - moved @ given)
    # The points themselves are rounded, and with them each difference.
    if excess > NOISE * (1 + x.size() + y.size()) * float(np.sum(np.abs(given))):
        raise Violation(
            f"the proximal points are too far apart: the law fails by {excess:.3g}",
            {"x": x, "y": y, "step": step},
            "[regularizer.penalty_prox(layer(point), step) for point in (x, y)]",
        )
    return bool(np.any(moved))


@law(
    "prox-largest-step",
    "Proximal points are finite up to the declared largest step × strength, and refused beyond.",
    applies=lambda subject: (
        no_prox(subject)
        or ("the author declares no 'max_step'" if np.isinf(subject.largest_step()) else None)
    ),
)
def prox_largest_step(subject: Subject) -> Iterator[bool]:
    """At the largest step, and just beyond it."""
    largest = subject.largest_step() / subject.unit
    for scale in (1e-3, 1.0, 1e3):
        point = subject.point(Case("normal", (2, 3), scale, subject.seed))
        if not np.isfinite(subject.prox(point, largest).flat()).all():
            raise Violation(
                "the proximal point at the largest legal step is not finite",
                {"point": point, "step": largest},
                CALL,
            )
        try:
            subject.prox(point, 1.01 * largest)
        except Violation:
            yield True
            continue
        raise Violation(
            "a step × strength beyond 'max_step' is not refused",
            {"point": point, "step": 1.01 * largest},
            CALL,
        )


def _no_array_step(subject: Subject) -> str | None:
    if not subject.declared("array_step"):
        return no_prox(subject) or "the author does not declare 'array_step'"
    return no_prox(subject)


@law(
    "prox-array-step",
    "With an array of steps, each entry's proximal point is the one at its own step.",
    applies=_no_array_step,
)
def prox_array_step(subject: Subject) -> Iterator[bool]:
    """Steps that differ by entry, for sums over entries; one step repeated, for the others."""
    separate = bool(subject.declared("elementwise"))
    products = [step * subject.unit for step in legal_steps(subject)]
    for case in (Case("normal", shape, 1.0, subject.seed) for shape in SMALL):
        w = case.array()
        for shift, product in enumerate(products):
            chosen = np.roll(products, shift) if separate else np.array([product])
            steps = np.resize(chosen, w.shape)
            got = subject.direct("prox", w, steps)
            wanted = np.empty_like(w)
            for one in np.unique(steps):
                whole = subject.direct("prox", w, float(one))
                wanted[steps == one] = whole[steps == one]
            if not np.allclose(got, wanted, rtol=EXACT, atol=EXACT):
                raise Violation(
                    "the proximal point at an array of steps is not that of each step",
                    {"w": w, "steps": steps},
                    "regularizer.prox(w, steps), [regularizer.prox(w, s) for s in steps.flat]",
                )
            yield True
