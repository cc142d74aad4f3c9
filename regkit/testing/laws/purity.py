"""A penalty is a function: of its input alone, and with no effect but its result."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import Violation, law
from regkit.testing.laws.arrays import call_of, results
from regkit.testing.point import Point
from regkit.testing.subject import Subject

REPEATS = 5


@law("random-state-untouched", "The global random generators are as they were.")
def random_state_untouched(subject: Subject) -> Iterator[bool]:
    """NumPy's legacy generator and Python's own."""
    for shape in SMALL:
        point = subject.point(Case("normal", shape, 1.0, subject.seed))
        # NumPy's legacy generator is global state: to look at it is the point here.
        before = np.random.get_state(legacy=False), random.getstate()
        results(subject, point)
        after = np.random.get_state(legacy=False), random.getstate()
        for owner, one, other in zip(("numpy.random", "random"), before, after, strict=True):
            if repr(one) != repr(other):
                raise Violation(
                    f"a hook draws from the global generator of {owner}",
                    {"point": point},
                    "regularizer.penalty(layer(point)), regularizer.penalty_grad(layer(point))",
                )
        yield True


@law("memoryless", "The same input gives the same output, whatever came before.")
def memoryless(subject: Subject) -> Iterator[bool]:
    """Repeated calls with others between them, and one array whose entries change in place."""
    for shape in SMALL:
        point = subject.point(Case("normal", shape, 1.0, subject.seed))
        other = subject.point(Case("ties", shape, 3.0, subject.seed + 1))
        elsewhere = subject.point(Case("normal", (4, 5), 1.0, subject.seed))
        first, wanted = results(subject, point), results(subject, other)
        for _ in range(REPEATS):
            results(subject, other)
            results(subject, elsewhere)
            _require_same(subject, results(subject, point), first, point, "again")
        yield True
        # A run updates its parameters in place: the array is the same object in every step.
        kept = point.copy()
        results(subject, kept)
        for name, array in kept.items():
            array[...] = other[name]
        _require_same(subject, results(subject, kept), wanted, other, "after an update in place")
        yield True


def _require_same(
    subject: Subject,
    got: dict[str, np.ndarray],
    wanted: dict[str, np.ndarray],
    point: Point,
    when: str,
) -> None:
    for hook, result in got.items():
        if not np.allclose(result, wanted[hook], rtol=1e-14, atol=0, equal_nan=True):
            raise Violation(
                f"{hook} gives another result for the same input when called {when}",
                {"point": point},
                f"[{call_of(subject, hook)} for _ in range({REPEATS})]",
            )
