"""NaN is passed on: a penalty that hides one hides that the training is lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import Violation, law
from regkit.testing.point import Point
from regkit.testing.subject import Subject

OTHERS = (0.0, 0.1, -0.5, 2.0)
"""Numbers in the place of a NaN: whether the penalty changes shows whether it looks there."""


@law("nan", "NaN in a parameter makes the value NaN or an error, and no prox makes it finite.")
def nan(subject: Subject) -> Iterator[bool]:
    """One NaN among small, large, zero and equal entries, and nothing but NaN."""
    for shape in SMALL:
        for pattern, scale in (("normal", 1.0), ("equal", 1e-3), ("equal", 1e3), ("zeros", 1.0)):
            whole = subject.point(Case(pattern, shape, scale, subject.seed))
            for index in (0, -1):
                yield _passed_on(subject, whole, index)
        yield _passed_on(subject, whole, None)


def _passed_on(subject: Subject, whole: Point, index: int | None) -> bool:
    """A NaN at one entry of the first parameter, or everywhere; whether it was looked at.

    A penalty may leave entries out, as differences of rows leave out an only row: there is nothing
    that their NaN could reach.
    """
    name = next(iter(whole))
    place = slice(None) if index is None else index
    if not any(_reaches_value(subject, whole, name, place, entry) for entry in OTHERS):
        return False
    point = _with(whole, name, place, np.nan)
    where = np.isnan(point[name])
    try:
        value = subject.value(point)
    except Violation:
        return True
    if np.isfinite(value):
        raise Violation(
            f"the value is {value!r} though {name} contains NaN",
            {"point": point},
            "regularizer.penalty(layer(point))",
        )
    if subject.has_prox():
        step = subject.some_step()
        try:
            moved = subject.prox(point, step)
        except Violation:
            return True
        if np.isfinite(moved[name][where]).any():
            raise Violation(
                f"the proximal point of NaN is {moved[name][where][0]!r}",
                {"point": point, "step": step},
                "regularizer.penalty_prox(layer(point), step)",
            )
    return True


def _reaches_value(
    subject: Subject, whole: Point, name: str, place: int | slice, entry: float
) -> bool:
    changed = subject.value(_with(whole, name, place, entry))
    return changed != subject.value(whole)


def _with(whole: Point, name: str, place: int | slice, entry: float) -> Point:
    point = whole.copy()
    point[name].flat[place] = entry
    return Point(dict(point))
