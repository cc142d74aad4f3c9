"""The gradient of whole arrays, checked against differences of values along directions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import whole_cases
from regkit.testing.difference import EPS, brackets_along, judged
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

RANDOM = 2
"""Directions with random entries."""


@law(
    "directional-derivative",
    "Along directions of whole arrays the penalty changes as ⟨gradient, direction⟩ says.",
    constraints=False,
)
def directional_derivative(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Six directions a case: a wrong entry of many shows in the gradient's own direction."""
    for number, params in enumerate(penalty.drawn(whole_cases(penalty.seed))):
        if not np.isfinite(penalty.value(params)):
            continue  # the law on finite values reports it
        slopes = penalty.grad(params)
        for direction in _directions(params, slopes, np.random.default_rng([penalty.seed, number])):
            yield _agrees(penalty, params, slopes, direction)


def _directions(params: Params, slopes: Params, rng: np.random.Generator) -> Iterator[Params]:
    """The gradient, the array itself, its first row, its last column, and two at random."""
    yield _sized(slopes, params)
    yield params
    yield params.map(lambda w: np.where(np.arange(len(w))[:, None] == 0, w, 0.0))
    yield params.map(lambda w: np.where(np.arange(w.shape[1]) == w.shape[1] - 1, w, 0.0))
    for _ in range(RANDOM):
        yield _sized(params.map(lambda w: rng.standard_normal(w.shape)), params)


def _sized(direction: Params, params: Params) -> Params:
    """With entries as large as the largest of the parameters."""
    return direction.times(params.size() / (direction.size() or 1.0))


def _agrees(penalty: PenaltyUnderTest, params: Params, slopes: Params, direction: Params) -> bool:
    terms = (slopes.flat() * direction.flat()).astype(np.float64)
    slope = float(np.sum(terms))
    judgement = judged(
        slope,
        brackets_along(penalty, params, direction),
        at_zero=False,
        largest=float(np.sum(np.abs(terms))),
        rounding=32 * EPS * (penalty.unit + abs(penalty.value(params))),
    )
    if not judgement.agrees:
        raise Violation(
            f"⟨gradient, direction⟩ is {slope:.9g}, but differences of the penalty give "
            f"{judgement.low:.9g} … {judgement.high:.9g}",
            {"params": params, "direction": direction, "step": judgement.step},
            _shown(penalty),
            off=judgement.off,
            allowed=judgement.allowed,
        )
    return judgement.decided


def _shown(penalty: PenaltyUnderTest) -> str:
    """The two numbers as Python source, the difference at the step that says most."""
    return (
        "ahead = {name: params[name] + step * direction[name] for name in params}\n"
        "behind = {name: params[name] - step * direction[name] for name in params}\n"
        f"slopes = {penalty.grad_source()} or {{}}\n"
        "(sum((slopes.get(name, 0.0) * direction[name]).sum() for name in params),\n"
        f" ({penalty.value_source('ahead')} - {penalty.value_source('behind')}) / (2 * step))"
    )
