"""What an author declares of a penalty, held against its values and gradients."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import LARGE, LARGER, SCALES, SMALL, Case, value_cases
from regkit.testing.difference import NOISE
from regkit.testing.law import Violation, law, where_declared
from regkit.testing.point import Point, combined
from regkit.testing.subject import Subject

EXACT = 1e-12
FACTORS = (0.5, 2.0, 3.0, 1e-3, 1e3)


@law("convex", "f((x + y)/2) ≤ (f(x) + f(y))/2.", applies=where_declared("convex"))
def convex(subject: Subject) -> Iterator[bool]:
    """Midpoints of pairs of every shape and scale."""
    for x, y in _pairs(subject):
        ends = subject.value(x), subject.value(y)
        excess = subject.value(combined(lambda a, b: (a + b) / 2, x, y)) - sum(ends) / 2
        noise = NOISE * (subject.unit + abs(ends[0]) + abs(ends[1]))
        if excess > noise:
            raise Violation(
                f"the value at the midpoint exceeds the mean of the ends by {excess:.3g}",
                {"x": x, "y": y, "middle": combined(lambda a, b: (a + b) / 2, x, y)},
                "[regularizer.penalty(layer(point)) for point in (x, middle, y)]",
            )
        yield excess < -noise


@law(
    "subgradient",
    "f(y) ≥ f(x) + ⟨gradient at x, y − x⟩, at kinks too.",
    applies=where_declared("convex"),
)
def subgradient(subject: Subject) -> Iterator[bool]:
    """Pairs, and steps along single entries, from points with and without zeros."""
    for x, y in (*_pairs(subject), *_neighbours(subject)):
        slope, start, end = subject.grad(x), subject.value(x), subject.value(y)
        terms = (slope.flat() * (y.flat() - x.flat())).astype(np.float64)
        shortfall = start + float(np.sum(terms)) - end
        noise = NOISE * (subject.unit + abs(start) + abs(end) + float(np.sum(np.abs(terms))))
        if shortfall > noise:
            raise Violation(
                f"the tangent at x lies above the value at y by {shortfall:.3g}",
                {"x": x, "y": y},
                "regularizer.penalty(layer(x)), regularizer.penalty_grad(layer(x)), "
                "regularizer.penalty(layer(y))",
            )
        yield shortfall < -noise


@law("even", "f(−w) = f(w).", applies=where_declared("even"))
def even(subject: Subject) -> Iterator[bool]:
    """Values only: the gradient at a kink is a choice, which need not be odd."""
    for case in value_cases(subject.seed):
        point = subject.point(case)
        value, mirrored = subject.value(point), subject.value(point.times(-1.0))
        if abs(value - mirrored) > NOISE * abs(value):
            raise Violation(
                f"f(w) is {value!r} and f(−w) is {mirrored!r}",
                {"point": point, "mirrored": point.times(-1.0)},
                "regularizer.penalty(layer(point)), regularizer.penalty(layer(mirrored))",
            )
        yield bool(np.isfinite(value)) and value != 0


def _no_degree(subject: Subject) -> str | None:
    """Degree 0 is a degree."""
    declared = subject.declared("homogeneous")
    return "the author does not declare 'homogeneous'" if declared is None else None


@law("homogeneous", "f(t·w) = tᵈ·f(w) for t > 0, d the declared degree.", applies=_no_degree)
def homogeneous(subject: Subject) -> Iterator[bool]:
    """Factors from 1e-3 to 1e3; at 0 there is nothing to compare."""
    degree = subject.declared("homogeneous")
    for case in value_cases(subject.seed):
        point = subject.point(case)
        value = subject.value(point)
        for factor in FACTORS if point.size() else ():
            scaled = point.times(factor)
            wanted, got = factor**degree * value, subject.value(scaled)
            if abs(got - wanted) > EXACT * abs(wanted):
                raise Violation(
                    f"f({factor:g}·w) is {got!r} where {factor:g}^{degree:g}·f(w) is {wanted!r}",
                    {"point": point, "scaled": scaled},
                    "regularizer.penalty(layer(point)), regularizer.penalty(layer(scaled))",
                )
            yield bool(np.isfinite(wanted)) and wanted != 0


def _no_minimum(subject: Subject) -> str | None:
    """0 is a minimum."""
    declared = subject.declared("minimum")
    return "the author does not declare 'minimum'" if declared is None else None


@law("minimum", "No value is below the declared minimum.", applies=_no_minimum)
def minimum(subject: Subject) -> Iterator[bool]:
    """Decided are the cases that reach it: whether others could reach it depends on their shape."""
    least = subject.declared("minimum") * subject.unit
    for case in value_cases(subject.seed):
        point = subject.point(case)
        value = subject.value(point)
        noise = NOISE * (subject.unit + abs(value))
        if value < least - noise:
            raise Violation(
                f"the value {value!r} is below the declared minimum, {least!r} at this strength",
                {"point": point},
                "regularizer.penalty(layer(point))",
            )
        yield value <= least + noise


@law(
    "elementwise",
    "The penalty is the sum of the penalties of single entries.",
    applies=where_declared(
        "elementwise",
        also=lambda subject: (
            "it overrides hooks, and looks at whole layers" if subject.overrides_hooks else None
        ),
    ),
)
def elementwise(subject: Subject) -> Iterator[bool]:
    """Entry by entry, as arrays of one."""
    for case in value_cases(subject.seed):
        if case.shape == LARGE:
            continue
        point = subject.point(case)
        whole = subject.value(point)
        parts = [subject.value(subject.of_entries(entry[None, None])) for entry in point.flat()]
        if abs(whole - sum(parts)) > EXACT * sum(map(abs, parts)):
            raise Violation(
                f"the penalty is {whole!r}, and its entries' penalties sum to {sum(parts)!r}",
                {"point": point},
                "regularizer.penalty(layer(point))",
            )
        yield len(parts) > 1 and whole != 0


def _pairs(subject: Subject) -> Iterator[tuple[Point, Point]]:
    """Two points of one shape and scale; where entries tie, one farther out as well."""
    patterns = (
        ("normal", "normal"),
        ("some zeros", "normal"),
        ("zero rows", "zero columns"),
        ("equal", "ties"),
        ("zeros", "normal"),
    )
    for shape in (*SMALL, *LARGER):
        for scale in SCALES:
            for one, other in patterns:
                x = subject.point(Case(one, shape, scale, subject.seed))
                yield x, subject.point(Case(other, shape, scale, subject.seed + 1))
                if one == "equal":
                    yield x, x.times(2.0)


def _neighbours(subject: Subject) -> Iterator[tuple[Point, Point]]:
    """A point, and the point with one entry moved a little or a lot."""
    for shape in SMALL:
        for pattern in ("zeros", "negative zeros", "zero rows", "ties"):
            for scale in SCALES[::2]:
                x = subject.point(Case(pattern, shape, scale, subject.seed))
                for name, array in x.items():
                    for move in (scale, -scale, 1e-3 * scale, -1e-3 * scale):
                        y = x.copy()
                        y[name][-1, -1] = array[-1, -1] + move
                        yield x, Point(dict(y))
