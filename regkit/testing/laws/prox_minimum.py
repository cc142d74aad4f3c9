"""A proximal point is a minimizer: no point that brute force finds has a lower objective.

Points are compared by their objective, step × penalty(x) + ½‖x − w‖², since minimizers can tie.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import Case
from regkit.testing.difference import EPS
from regkit.testing.law import law
from regkit.testing.laws.prox import legal_steps, no_prox
from regkit.testing.line_search import minimum_between
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

OBJECTIVE = """\
def objective(x):
    distance = sum(np.sum(weight[name] * (x[name] - params[name]) ** 2) for name in params)
    return scale * ({value} or 0.0) + 0.5 * distance

"""
"""The objective of a proximal point, as Python source."""

Objective = Callable[[Array | float], float]
"""Of all entries, or of the one number that they all are."""

GROUPS = ((1, 2), (2, 1), (2, 2), (3, 2), (2, 3))


@law(
    "prox-minimizes",
    "No point has a lower step × penalty(x) + ½‖x − w‖² than the proximal point.",
    applies=no_prox,
    constraints=False,
)
def prox_minimizes(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """A global search in one dimension; many starts and a descent on small groups."""
    for step in legal_steps(penalty):
        for size in sizes(penalty, step):
            params = penalty.of_entries(np.array([[size]]))
            if penalty.holds(params):
                yield not_beaten(penalty, params, step, along_a_line)
    for step in legal_steps(penalty):
        for params in groups(penalty):
            yield not_beaten(penalty, params, step, around_a_group)


def groups(penalty: PenaltyUnderTest) -> Iterator[Params]:
    """Small arrays, with few entries in all."""
    few = GROUPS if len(penalty.subject.shapes((1, 1))) <= 2 else GROUPS[:2]
    return penalty.drawn(
        Case(pattern, shape, scale, penalty.seed)
        for shape in few
        for pattern, scale in (("normal", 1.0), ("zero rows", 0.3), ("ties", 3.0))
    )


def not_beaten(
    penalty: PenaltyUnderTest,
    params: Params,
    step: float | Params,
    search: Callable[[PenaltyUnderTest, Objective, Array, Array, Array], Array],
) -> bool:
    """Require that no point is lower; whether the proximal point differs from w.

    The objective is step × penalty(x) + ½‖x − w‖², and penalty(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ) for an
    array of steps.
    """
    start = params.flat()
    moved = penalty.prox(params, step).flat()
    if not np.isfinite(moved).all():
        raise Violation(
            "the proximal point is not finite",
            {"params": params, "step": step},
            penalty.prox_source(step=step),
        )
    if isinstance(step, Params):
        scale, weight, reach = 1.0, step.map(lambda s: 1 / s, "1 / {}"), step.flat()
    else:
        scale, weight, reach = step, params.map(np.ones_like), np.full_like(start, np.inf)
    pull, tried = weight.flat(), np.empty_like(start)
    of_tried = params.of_flat(tried)

    def objective(entries: Array | float) -> float:
        tried[...] = entries
        away = tried - start
        found = scale * penalty.value(of_tried) + 0.5 * float((pull * away).dot(away))
        return found if math.isfinite(found) else math.inf

    claimed = objective(moved)
    best = search(penalty, objective, start, moved, reach)
    lower = objective(best)
    noise = 64 * EPS * (scale * penalty.unit + abs(claimed))
    if not claimed <= lower + noise:
        better = params.of_flat(best)
        raise Violation(
            f"its objective is {claimed!r}, but that of {better} is {lower!r}",
            {"params": params, "step": step, "better": better, "weight": weight, "scale": scale},
            OBJECTIVE.format(value=penalty.value_source("x"))
            + f"moved = {{**params, **{penalty.prox_source(step=step)}}}\n"
            "objective(moved), objective(better)",
            off=claimed - lower,
            allowed=noise,
        )
    return bool(np.any(moved != start))


def sizes(penalty: PenaltyUnderTest, step: float) -> list[float]:
    """Numbers near which a threshold may lie: from the step, from the fields, and ordinary ones."""
    product = step * penalty.unit
    near = [product * share for share in (0.5, 0.99, 1.01, 1.5, 2.0, 3.0)]
    kinks = [b * share for b in penalty.breakpoints() for share in (0.5, 1.0, 1.01)]
    kinks += [b + product for b in penalty.breakpoints()]
    roots = [product**0.5 * share for share in (1.0, 1.5)]
    sizes = [0.0, 1e-3, 0.3, 1.0, 30.0, *near, *roots, *kinks]
    return [size if index % 2 else -size for index, size in enumerate(sizes)]


def along_a_line(
    penalty: PenaltyUnderTest, objective: Objective, start: Array, moved: Array, _: Array
) -> Array:
    """The best of a grid over the line, refined between neighbours."""
    reach = 1.5 * max(float(np.max(np.abs(start))), float(np.max(np.abs(moved))), 1e-3)
    special = [0.0, *start, *moved, *penalty.breakpoints()]
    near_zero = reach * 2.0 ** -np.arange(1.0, 12.0, 2.0)
    grid = sorted({*np.linspace(-reach, reach, 25), *near_zero, *-near_zero, *special})
    values = [objective(x) for x in grid]
    lowest = int(np.argmin(values))
    low, high = grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)]
    refined, value = minimum_between(objective, low, high, tolerance=1e-6 * (high - low))
    return np.full_like(start, refined if value < values[lowest] else grid[lowest])


def around_a_group(
    penalty: PenaltyUnderTest, objective: Objective, start: Array, moved: Array, reach: Array
) -> Array:
    """The best of likely points and of random ones, then a descent along single entries.

    `reach` bounds how far an entry is moved: of the order of its step.
    """
    rng = np.random.default_rng(penalty.seed)
    likely = [moved, start, *(share * start for share in np.linspace(0.0, 0.95, 6))]
    for index in range(len(start)):
        likely += [np.where(np.arange(len(start)) == index, 0.0, base) for base in (start, moved)]
    size = max(1e-3, float(np.max(np.abs(start))))
    within = np.minimum(reach, size)
    for share in (1.0, 0.1, 1e-2, 1e-4):
        likely += list(moved + share * within * rng.standard_normal((4, len(start))))
    best = min(likely, key=objective)
    return _descended(objective, best, 0.1 * within)


def _descended(objective: Objective, params: Array, reach: Array) -> Array:
    """Compass search: a step along an entry if it lowers the objective, else shorter steps."""
    lowest, share = objective(params), 1.0
    units = np.identity(len(params))
    while share > 1e-5:
        tries = [params + sign * share * reach * unit for unit in units for sign in (1, -1)]
        values = [objective(one) for one in tries]
        if min(values) < lowest:
            lowest, params = min(values), tries[int(np.argmin(values))]
        else:
            share /= 32
    return params
