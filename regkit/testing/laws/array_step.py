"""The proximal operator at an array of steps, as adaptive optimizers have them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.prox import legal_steps, no_prox
from regkit.testing.laws.prox_minimum import (
    along_a_line,
    around_a_group,
    groups,
    not_beaten,
    sizes,
)
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

EXACT = 1e-12
STEPS = (1e-8, 1e-4, 1e-2, 1.0, 1e2, 1e6)
"""A dead neuron's step under an adaptive optimizer is lr/ε: `max_step` does not bind here."""

MIXED = (
    (1.0, 0.1, 3.0, 0.3),
    (1e-8, 1e6, 1.0, 1e-3),
    (1e6, 1e-2, 1e-8, 30.0),
    (1e6, 1e6, 1e3, 1e6),
)
"""Steps within one array; they are repeated over its entries."""


def _no_array_step(penalty: PenaltyUnderTest) -> str | None:
    if no_prox(penalty):
        return no_prox(penalty)
    return None if penalty.declared("array_step") else "the author does not declare 'array_step'"


@law(
    "prox-array-step",
    "With an array of steps from 1e-8 to 1e6, no point has a lower "
    "penalty(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ) than the proximal point.",
    applies=_no_array_step,
    constraints=False,
)
def prox_array_step(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Against the point at one step, where it is legal; then single entries, and mixed steps."""
    yield from _as_at_one_step(penalty)
    for product in STEPS:
        step = product / penalty.unit
        for size in sizes(penalty, step)[::2]:
            params = penalty.of_entries(np.array([[size]]))
            if penalty.holds(params):
                steps = params.filled([step])
                yield not_beaten(penalty, params, steps, along_a_line)
    for params in groups(penalty):
        for mixed in MIXED:
            steps = params.filled(mixed)
            yield not_beaten(penalty, params, steps, around_a_group)


def _as_at_one_step(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """An array of equal steps gives the point at that step."""
    for params in penalty.drawn(Case("normal", shape, 1.0, penalty.seed) for shape in SMALL):
        for step in legal_steps(penalty):
            steps = params.filled([step])
            got, wanted = penalty.prox(params, steps), penalty.prox(params, step)
            off = float(np.max(np.abs(got.flat() - wanted.flat())))
            allowed = EXACT * (1 + wanted.size())
            if not off <= allowed:
                raise Violation(
                    "the proximal point at an array of equal steps is not that at the one step",
                    {"params": params, "step": steps},
                    f"together = {penalty.prox_source(step=steps)}\nstep = {step!r}\n"
                    f"together, {penalty.prox_source()}",
                    off=off,
                    allowed=allowed,
                )
            yield True
