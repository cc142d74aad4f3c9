"""The domain that a penalty declares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import value_cases
from regkit.testing.domain import variants
from regkit.testing.law import law
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation


@law(
    "domain",
    "The value is finite exactly where 'domain' is True; elsewhere it may raise an error.",
    applies=lambda penalty: (
        None if callable(penalty.declared("domain")) else "it declares no 'domain'"
    ),
    constraints=False,
)
def domain(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Every pattern and scale, absolute values and small ones: inside and outside."""
    for case in value_cases(penalty.seed):
        for params in variants(penalty.params(case)):
            inside = penalty.holds(params)
            try:
                result = penalty.answer(penalty.scope.value, params)
            except Violation:
                if inside:
                    raise
                yield True
                continue
            value = 0.0 if result is None else float(result)
            if np.isfinite(value) != inside:
                raise Violation(
                    f"domain is {inside}, but the value is {value!r}",
                    {"params": params},
                    f"{penalty.direct_source('domain')}, {penalty.value_source()}",
                )
            yield True
