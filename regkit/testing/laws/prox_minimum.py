"""A proximal point is a minimizer: no point that brute force finds has a lower objective.

Points are compared by their objective, step × penalty(x) + ½‖x − w‖², since minimizers can tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import Case
from regkit.testing.difference import EPS
from regkit.testing.law import law
from regkit.testing.laws.prox import CALL, legal_steps, no_prox
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

OBJECTIVE = (
    "def objective(x):\n"
    "    distance = sum(np.sum((x[name] - params[name]) ** 2) for name in params)\n"
    "    return step * (regularizer.penalty(layer(x)) or 0.0) + 0.5 * distance\n\n"
)
"""The objective of a proximal point, as Python source."""

Objective = Callable[[Array], float]

GROUPS = ((1, 2), (2, 1), (2, 2), (3, 2), (2, 3))
GOLDEN = (5**0.5 - 1) / 2


@law(
    "prox-minimizes",
    "No point has a lower step × penalty(x) + ½‖x − w‖² than the proximal point.",
    applies=no_prox,
)
def prox_minimizes(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """A global search in one dimension; many starts and a descent on small groups."""
    for step in legal_steps(penalty):
        for size in _sizes(penalty, step):
            params = penalty.of_entries(np.array([[size]]))
            yield _not_beaten(penalty, params, step, _along_a_line)
    for step in legal_steps(penalty):
        for shape in GROUPS:
            for pattern, scale in (("normal", 1.0), ("zero rows", 0.3), ("ties", 3.0)):
                params = penalty.params(Case(pattern, shape, scale, penalty.seed))
                yield _not_beaten(penalty, params, step, _around_a_group)


def _not_beaten(
    penalty: PenaltyUnderTest,
    params: Params,
    step: float,
    search: Callable[[PenaltyUnderTest, Objective, Array, Array], Array],
) -> bool:
    """Require that no point is lower; whether the proximal point differs from w."""
    start = params.flat()
    moved = penalty.prox(params, step).flat()

    def objective(entries: Array) -> float:
        value = step * penalty.value(_reshaped(params, entries))
        found = value + 0.5 * float(np.sum((entries - start) ** 2))
        return found if np.isfinite(found) else np.inf

    claimed = objective(moved)
    best = search(penalty, objective, start, moved)
    lower = objective(best)
    noise = 64 * EPS * (step * penalty.unit + abs(claimed))
    if not claimed <= lower + noise:
        better = _reshaped(params, best)
        raise Violation(
            f"its objective is {claimed!r}, but that of {better} is {lower!r}",
            {"params": params, "step": step, "better": better},
            OBJECTIVE + f"moved = {{**params, **{CALL}}}\nobjective(moved), objective(better)",
        )
    return bool(np.any(moved != start))


def _sizes(penalty: PenaltyUnderTest, step: float) -> list[float]:
    """Numbers near which a threshold may lie: from the step, from the fields, and ordinary ones."""
    product = step * penalty.unit
    near = [product * share for share in (0.5, 0.99, 1.01, 1.5, 2.0, 3.0)]
    kinks = [b * share for b in penalty.breakpoints() for share in (0.5, 1.0, 1.01)]
    kinks += [b + product for b in penalty.breakpoints()]
    roots = [product**0.5 * share for share in (1.0, 1.5)]
    sizes = [0.0, 1e-3, 0.3, 1.0, 30.0, *near, *roots, *kinks]
    return [size if index % 2 else -size for index, size in enumerate(sizes)]


def _along_a_line(
    penalty: PenaltyUnderTest, objective: Objective, start: Array, moved: Array
) -> Array:
    """The best of a grid over the line, refined between neighbours."""
    reach = 1.5 * max(float(np.max(np.abs(start))), float(np.max(np.abs(moved))), 1e-3)
    special = [0.0, *start, *moved, *penalty.breakpoints()]
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


def _around_a_group(
    penalty: PenaltyUnderTest, objective: Objective, start: Array, moved: Array
) -> Array:
    """The best of likely points and of random ones, then a descent along single entries."""
    rng = np.random.default_rng(penalty.seed)
    likely = [moved, start, *(share * start for share in np.linspace(0.0, 0.95, 12))]
    for index in range(len(start)):
        likely += [np.where(np.arange(len(start)) == index, 0.0, base) for base in (start, moved)]
    for size in (1.0, 0.1, 1e-2, 1e-4):
        draws = rng.standard_normal((6, len(start)))
        likely += list(moved + size * max(1e-3, float(np.max(np.abs(start)))) * draws)
    best = min(likely, key=objective)
    return _descended(objective, best, reach=0.1 * max(1e-3, float(np.max(np.abs(start)))))


def _descended(objective: Objective, params: Array, reach: float) -> Array:
    """Compass search: a step along an entry if it lowers the objective, else shorter steps."""
    lowest = objective(params)
    while reach > 1e-6:
        tries = [params + sign * reach * unit for unit in np.eye(len(params)) for sign in (1, -1)]
        values = [objective(one) for one in tries]
        if min(values) < lowest:
            lowest, params = min(values), tries[int(np.argmin(values))]
        else:
            reach /= 4
    return params


def _reshaped(params: Params, entries: Array) -> Params:
    arrays, offset = {}, 0
    for name, array in params.items():
        arrays[name] = entries[offset : offset + array.size].reshape(array.shape)
        offset += array.size
    return Params(arrays)
