"""Values do not jump where a penalty changes its formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import Case
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

NEAR, NEARER = 1e-6, 1e-9
"""Distances on both sides of a breakpoint, relative to it."""

LEAST_SHRINKING = 0.5
"""A continuous penalty's difference shrinks by more, a thousand times where it has a slope."""

NOISE = 1e-12

Sized = Callable[[Array, float], Array]
PLACES: dict[str, Sized] = {
    "every entry": lambda w, size: np.copysign(size, w),
    "the first entry": lambda w, size: np.where(np.arange(w.size).reshape(w.shape) == 0, size, w),
    "the norm of each column": lambda w, size: size * w / np.linalg.norm(w, axis=0),
    "the norm of each row": lambda w, size: size * w / np.linalg.norm(w, axis=1, keepdims=True),
    "the norm of the array": lambda w, size: size * w / np.linalg.norm(w),
}
"""What may be as large as one of a regularizer's own numbers."""


def _no_numbers(penalty: PenaltyUnderTest) -> str | None:
    return None if penalty.breakpoints() else "it has no numbers of its own"


@law(
    "continuous",
    "The value does not jump where an entry or a norm passes one of the regularizer's numbers.",
    applies=_no_numbers,
    constraints=False,
)
def continuous(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Just below and above each number: the difference shrinks with the distance."""
    for size in penalty.breakpoints():
        for shape in ((1, 1), (2, 3), (4, 4)):
            for what, sized in PLACES.items():
                drawn = penalty.params(Case("unrounded", shape, 1.0, penalty.seed))
                at = Params({name: sized(w, size) for name, w in drawn.items()})
                yield _no_jump(penalty, at, what, size)


def _no_jump(penalty: PenaltyUnderTest, at: Params, what: str, size: float) -> bool:
    near, nearer = _difference(penalty, at, NEAR), _difference(penalty, at, NEARER)
    if not (np.isfinite(near) and np.isfinite(nearer)):
        return False
    here = penalty.unit + abs(penalty.value(at))
    allowed = max(LEAST_SHRINKING * near, NOISE * here)
    if nearer > allowed:
        raise Violation(
            f"the value jumps where {what} passes {size:g}",
            {"below": at.times(1 - NEARER), "above": at.times(1 + NEARER)},
            f"{penalty.value_source('below')}, {penalty.value_source('above')}",
            off=nearer,
            allowed=allowed,
        )
    return near > 0


def _difference(penalty: PenaltyUnderTest, at: Params, distance: float) -> float:
    below, above = at.times(1 - distance), at.times(1 + distance)
    return abs(penalty.value(above) - penalty.value(below))
