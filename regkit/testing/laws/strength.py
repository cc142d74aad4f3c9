"""The strength multiplies the whole penalty, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import SMALL, Case, value_cases
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

STRENGTHS = (1.0, 0.0, 1e-4, 3.0)
EXACT = 1e-12


@law(
    "finite",
    "Values and gradients are finite if no parameter exceeds 1e8 in absolute value.",
    constraints=False,
)
def finite(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Every shape, pattern and scale; at 0 some penalties, such as Hoyer's, are undefined."""
    for params in penalty.drawn(value_cases(penalty.seed)):
        for hook, result in _results(penalty, params).items():
            if params.size() and not np.isfinite(result).all():
                raise Violation(
                    f"{hook} is not finite",
                    {"params": params},
                    penalty.subject.source(hook),
                )
        yield params.size() > 0


@law(
    "linear-in-strength",
    "Values and gradients are proportional to the strength, and 0 at strength 0.",
    applies=lambda penalty: None if penalty.is_regularizer else "a raw plugin has no strength",
    constraints=False,
)
def linear_in_strength(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Strengths 0, 1e-4, 1 and 3 against the strength of the other laws."""
    for strength in STRENGTHS:
        other = penalty.at(strength)
        ratio = strength / penalty.unit
        for params in _small(penalty):
            here, there = _results(penalty, params), _results(other, params)
            for hook in here:
                wanted = ratio * here[hook]
                off = float(np.max(np.abs(there[hook] - wanted)))
                allowed = EXACT * float(np.max(np.abs(wanted)))
                if off > allowed:
                    call = penalty.subject.source(hook)
                    stronger = call.replace("regularizer", "stronger")
                    raise Violation(
                        f"{hook} at strength {strength:g} is not {ratio:g} times that at "
                        f"{penalty.unit:g}",
                        {"params": params, "strength": strength},
                        "import dataclasses\n"
                        "stronger = dataclasses.replace(regularizer, strength=strength)\n"
                        f"{call}, {stronger}",
                        off=off,
                        allowed=allowed,
                    )
            yield bool(np.any(here[penalty.scope.gradient]))


def _small(penalty: PenaltyUnderTest) -> Iterator[Params]:
    return penalty.drawn(
        Case("normal", shape, scale, penalty.seed) for shape in SMALL for scale in (1e-3, 1.0, 1e3)
    )


def _results(penalty: PenaltyUnderTest, params: Params) -> dict[str, Array]:
    value, slopes = penalty.value(params), penalty.grad(params)
    return {penalty.scope.value: np.array([value]), penalty.scope.gradient: slopes.flat()}
