"""Proximal points of larger arrays, whose every entry, row and column counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import LARGER, WIDE, Case
from regkit.testing.difference import NOISE
from regkit.testing.law import law
from regkit.testing.laws.prox import legal_steps, no_prox
from regkit.testing.params import Params, combined
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

DISTANCES = (1.0, 0.1, 1e-2, 1e-3, 1e-4)
RANDOM = 4


@law(
    "prox-whole-arrays",
    "On larger arrays no point beside the proximal point has a lower step × penalty + ½‖x − w‖².",
    applies=no_prox,
    constraints=False,
)
def prox_whole_arrays(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Beside it lie w and 0, in whole or in some rows and columns, and what is downhill."""
    steps = legal_steps(penalty)
    for number, shape in enumerate((*LARGER, *WIDE)):
        drawn = penalty.one(Case("unrounded", shape, 1.0, penalty.seed))
        if drawn is None:
            continue
        for step in steps[2:4]:
            rng = np.random.default_rng([penalty.seed, number])
            yield _no_lower(penalty, drawn, step, rng)


def _no_lower(
    penalty: PenaltyUnderTest, params: Params, step: float, rng: np.random.Generator
) -> bool:
    moved = Params(dict(penalty.prox(params, step)))
    least = _objective(penalty, params, moved, step)
    for other in _beside(penalty, params, moved, step, rng):
        found = _objective(penalty, params, other, step)
        noise = NOISE * (1 + step * penalty.unit + abs(least) + abs(found))
        if found < least - noise:
            raise Violation(
                f"the objective is {least:.17g} at the proximal point and {found:.17g} at another",
                {"params": params, "step": step, "other": other},
                f"moved = {{**params, **{penalty.prox_source()}}}\n"
                "def objective(x):\n"
                "    return (sum(((x[n] - params[n]) ** 2).sum() for n in x) / 2\n"
                f"            + step * {penalty.value_source('x')})\n\n"
                "objective(moved), objective(other)",
                off=least - found,
                allowed=noise,
            )
    return bool(np.any(moved.flat() != params.flat()))


def _objective(penalty: PenaltyUnderTest, params: Params, x: Params, step: float) -> float:
    distance = (x.flat() - params.flat()).astype(np.float64)
    return step * penalty.value(x) + float(distance @ distance) / 2


def _beside(
    penalty: PenaltyUnderTest,
    params: Params,
    moved: Params,
    step: float,
    rng: np.random.Generator,
) -> Iterator[Params]:
    zeros = params.times(0.0)
    yield params
    yield zeros
    downhill = combined(lambda w, x, g: w - x - step * g, params, moved, penalty.grad(moved))
    # At a kink the gradient is one of many, so that what looks downhill there may not be.
    elsewhere = combined(lambda x, d: np.where(x == 0, 0.0, d), moved, downhill)
    for distance in DISTANCES:
        yield combined(lambda x, d, t=distance: x + t * d, moved, downhill)
        yield combined(lambda x, d, t=distance: x + t * d, moved, elsewhere)
    for _ in range(RANDOM):
        for other in (params, zeros):
            yield combined(lambda x, w: _mixed(x, w, rng), moved, other)
            yield combined(lambda x, w: _mixed(x.T, w.T, rng).T, moved, other)
        for distance in DISTANCES[1:]:
            yield combined(lambda x, t=distance: x + t * rng.standard_normal(x.shape), moved)


def _mixed(x: Array, other: Array, rng: np.random.Generator) -> Array:
    """x with about one row in four from the other array."""
    mixed: Array = np.where(rng.random((len(x), 1)) < 0.25, other, x)
    return mixed
