"""A proximal point is a minimizer: no point that brute force finds has a lower objective.

Points are compared by their objective, step × penalty(x) + ½‖x − w‖², since minimizers can tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.testing.cases import Case
from regkit.testing.difference import EPS
from regkit.testing.law import Violation, law
from regkit.testing.laws.prox import CALL, legal_steps, no_prox
from regkit.testing.point import Point
from regkit.testing.subject import Subject

Array = NDArray[Any]
Objective = Callable[[Array], float]

GROUPS = ((1, 2), (2, 1), (2, 2), (3, 2), (2, 3))
GOLDEN = (5**0.5 - 1) / 2


@law(
    "prox-minimizes",
    "No point has a lower step × penalty(x) + ½‖x − w‖² than the proximal point.",
    applies=no_prox,
)
def prox_minimizes(subject: Subject) -> Iterator[bool]:
    """A global search in one dimension; many starts and a descent in two and on small groups."""
    for step in legal_steps(subject):
        for size in _sizes(subject, step):
            point = subject.of_entries(np.array([[size]]))
            yield _not_beaten(subject, point, step, _along_a_line)
    for step in legal_steps(subject):
        for shape in GROUPS:
            for pattern, scale in (("normal", 1.0), ("zero rows", 0.3), ("ties", 3.0)):
                point = subject.point(Case(pattern, shape, scale, subject.seed))
                yield _not_beaten(subject, point, step, _around_a_group)


def _not_beaten(
    subject: Subject,
    point: Point,
    step: float,
    search: Callable[[Subject, Objective, Array, Array], Array],
) -> bool:
    """Whether there was anything to find: the proximal point is neither beaten nor w itself."""
    start = point.flat()
    moved = subject.prox(point, step).flat()

    def objective(entries: Array) -> float:
        value = step * subject.value(_reshaped(point, entries))
        found = value + 0.5 * float(np.sum((entries - start) ** 2))
        return found if np.isfinite(found) else np.inf

    claimed = objective(moved)
    best = search(subject, objective, start, moved)
    lower = objective(best)
    noise = 64 * EPS * (step * subject.unit + abs(claimed))
    if not claimed <= lower + noise:
        raise Violation(
            f"its objective is {claimed!r}, and {_reshaped(point, best)} has {lower!r}",
            {"point": point, "step": step},
            CALL,
        )
    return bool(np.any(moved != start))


def _sizes(subject: Subject, step: float) -> list[float]:
    """Numbers around which a threshold may lie: those of the step, of the fields, and ordinary."""
    product = step * subject.unit
    near = [product * share for share in (0.5, 0.99, 1.01, 1.5, 2.0, 3.0)]
    kinks = [b * share for b in subject.breakpoints() for share in (0.5, 1.0, 1.01)]
    kinks += [b + product for b in subject.breakpoints()]
    roots = [product**0.5 * share for share in (1.0, 1.5)]
    sizes = [0.0, 1e-3, 0.3, 1.0, 30.0, *near, *roots, *kinks]
    return [size if index % 2 else -size for index, size in enumerate(sizes)]


def _along_a_line(subject: Subject, objective: Objective, start: Array, moved: Array) -> Array:
    """The best of a grid over the line, refined between neighbours."""
    reach = 1.5 * max(float(np.max(np.abs(start))), float(np.max(np.abs(moved))), 1e-3)
    special = [0.0, *start, *moved, *subject.breakpoints()]
    near_zero = reach * 2.0 ** -np.arange(1.0, 12.0)
    grid = np.unique([*np.linspace(-reach, reach, 41), *near_zero, *-near_zero, *special])
    values = [objective(np.full_like(start, x)) for x in grid]
    lowest = int(np.argmin(values))
    low, high = grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)]
    refined = _golden(lambda x: objective(np.full_like(start, x)), float(low), float(high))
    candidates = [np.full_like(start, x) for x in (grid[lowest], refined)]
    return min(candidates, key=objective)


def _golden(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden-section search, to a millionth of the interval."""
    inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
    values = [function(x) for x in inner]
    for _ in range(30):
        if values[0] <= values[1]:
            high, inner[1], values[1] = inner[1], inner[0], values[0]
            inner[0] = high - GOLDEN * (high - low)
            values[0] = function(inner[0])
        else:
            low, inner[0], values[0] = inner[0], inner[1], values[1]
            inner[1] = low + GOLDEN * (high - low)
            values[1] = function(inner[1])
    return (low + high) / 2


def _around_a_group(subject: Subject, objective: Objective, start: Array, moved: Array) -> Array:
    """The best of likely points and of random ones, then a descent along single entries."""
    rng = np.random.default_rng(subject.seed)
    likely = [moved, start, *(share * start for share in np.linspace(0.0, 0.95, 12))]
    for index in range(len(start)):
        likely += [np.where(np.arange(len(start)) == index, 0.0, base) for base in (start, moved)]
    for size in (1.0, 0.1, 1e-2, 1e-4):
        draws = rng.standard_normal((6, len(start)))
        likely += list(moved + size * max(1e-3, float(np.max(np.abs(start)))) * draws)
    best = min(likely, key=objective)
    return _descended(objective, best, reach=0.1 * max(1e-3, float(np.max(np.abs(start)))))


def _descended(objective: Objective, point: Array, reach: float) -> Array:
    """Compass search: a step along an entry where that lowers the objective, shorter steps else."""
    lowest = objective(point)
    while reach > 1e-6:
        tries = [point + sign * reach * unit for unit in np.eye(len(point)) for sign in (1, -1)]
        values = [objective(one) for one in tries]
        if min(values) < lowest:
            lowest, point = min(values), tries[int(np.argmin(values))]
        else:
            reach /= 4
    return point


def _reshaped(point: Point, entries: Array) -> Point:
    arrays, offset = {}, 0
    for name, array in point.items():
        arrays[name] = entries[offset : offset + array.size].reshape(array.shape)
        offset += array.size
    return Point(arrays)
