"""Convexity, as an author declares it: chords lie above the penalty, tangents below."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from regkit.testing.cases import LARGER, SCALES, SMALL, Case
from regkit.testing.difference import NOISE
from regkit.testing.law import law, where_declared
from regkit.testing.params import Params, combined
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation


@law(
    "convex", "f((x + y)/2) ≤ (f(x) + f(y))/2.", applies=where_declared("convex"), constraints=False
)
def convex(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Midpoints of pairs of every shape and scale."""
    for x, y in _pairs(penalty):
        ends = penalty.value(x), penalty.value(y)
        excess = penalty.value(combined(lambda a, b: (a + b) / 2, x, y)) - sum(ends) / 2
        noise = NOISE * (penalty.unit + abs(ends[0]) + abs(ends[1]))
        if excess > noise:
            raise Violation(
                "the value at the midpoint exceeds the mean of the ends",
                {"x": x, "y": y, "middle": combined(lambda a, b: (a + b) / 2, x, y)},
                f"[{penalty.value_source()} for params in (x, middle, y)]",
                off=excess,
                allowed=noise,
            )
        yield excess < -noise


@law(
    "subgradient",
    "f(y) ≥ f(x) + ⟨gradient at x, y − x⟩, at kinks too.",
    applies=where_declared("convex"),
    constraints=False,
)
def subgradient(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Pairs, and steps along single entries, from points with and without zeros."""
    before = None
    for x, y in chain(_pairs(penalty), _neighbours(penalty)):
        if x is not before:
            before, slope, start = x, penalty.grad(x), penalty.value(x)
        end = penalty.value(y)
        terms = (slope.flat() * (y.flat() - x.flat())).astype(np.float64)
        shortfall = start + float(np.sum(terms)) - end
        noise = NOISE * (penalty.unit + abs(start) + abs(end) + float(np.sum(np.abs(terms))))
        if shortfall > noise:
            raise Violation(
                "the tangent at x lies above the value at y",
                {"x": x, "y": y},
                f"{penalty.value_source('x')}, {penalty.grad_source('x')}, "
                f"{penalty.value_source('y')}",
                off=shortfall,
                allowed=noise,
            )
        yield shortfall < -noise


def _pairs(penalty: PenaltyUnderTest) -> Iterator[tuple[Params, Params]]:
    """Two points of one shape and scale; for ties, one farther out as well."""
    patterns = (
        ("normal", "normal"),
        ("some zeros", "normal"),
        ("zero rows", "zero columns"),
        ("equal", "ties"),
        ("zeros", "normal"),
    )
    for shape in (*SMALL, *LARGER):
        for scale in SCALES[::2]:
            for one, other in patterns:
                x = penalty.one(Case(one, shape, scale, penalty.seed))
                y = penalty.one(Case(other, shape, scale, penalty.seed + 1))
                if x is None or y is None:
                    continue
                yield x, y
                if one == "equal":
                    yield x, x.times(2.0)


def _neighbours(penalty: PenaltyUnderTest) -> Iterator[tuple[Params, Params]]:
    """A point, and the point with one entry moved a little or a lot."""
    cases = [
        Case(pattern, shape, scale, penalty.seed)
        for shape in SMALL
        for pattern in ("zeros", "negative zeros", "zero rows", "ties")
        for scale in SCALES[::2]
    ]
    for case in cases:
        x = penalty.one(case)
        if x is None:
            continue
        for name, array in x.items():
            for move in (case.scale, -case.scale, 1e-3 * case.scale, -1e-3 * case.scale):
                y = x.copy()
                y[name][-1, -1] = array[-1, -1] + move
                yield x, Params(dict(y))
