"""The domain that a penalty declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case, value_cases
from regkit.testing.domain import variants
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

CLOSE = 1e-6
"""How close to the boundary points are tried, relative to the way there."""

REACHES = tuple(2.0**exponent for exponent in range(-3, 31))

Move = Callable[[Params, float], Params]
MOVES: tuple[Move, ...] = (
    lambda params, t: params.times(1 + t),
    lambda params, t: params.map(lambda w: w - t),
)
"""Ways out of a domain: all entries grow, or all sink."""


@law(
    "domain",
    "The value is finite exactly where 'domain' is True; elsewhere it may raise an error.",
    applies=lambda penalty: (
        None if callable(penalty.declared("domain")) else "it declares no 'domain'"
    ),
    constraints=False,
)
def domain(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Every pattern and scale, absolute values and small ones, and both sides of the boundary."""
    for case in value_cases(penalty.seed):
        for params in variants(penalty.params(case)):
            yield _agrees(penalty, params)
    for case in (Case("unrounded", shape, 1.0, penalty.seed) for shape in SMALL):
        start = penalty.one(case)
        if start is None:
            continue
        for way in MOVES:
            for params in _beside_the_boundary(penalty, start, way):
                yield _agrees(penalty, params)


def _agrees(penalty: PenaltyUnderTest, params: Params) -> bool:
    inside = penalty.holds(params)
    try:
        result = penalty.answer(penalty.scope.value, params)
    except Violation:
        if inside:
            raise
        return True
    value = 0.0 if result is None else float(result)
    if np.isfinite(value) != inside:
        raise Violation(
            f"domain is {inside}, but the value is {value!r}",
            {"params": params},
            f"{penalty.direct_source('domain')}, {penalty.value_source()}",
        )
    return True


def _beside_the_boundary(penalty: PenaltyUnderTest, start: Params, way: Move) -> list[Params]:
    """A point inside and one outside, close to where `way` leaves the domain; none if it stays."""
    outside = next((t for t in REACHES if not penalty.holds(way(start, t))), None)
    if outside is None:
        return []
    inside = 0.0
    while outside - inside > CLOSE * outside:
        middle = (inside + outside) / 2
        if penalty.holds(way(start, middle)):
            inside = middle
        else:
            outside = middle
    return [way(start, inside * (1 - CLOSE)), way(start, outside * (1 + CLOSE))]
