"""NaN must propagate: a penalty that hides it hides that training has failed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

OTHERS = (0.0, 0.1, -0.5, 2.0)
"""Numbers in place of a NaN: they show whether the penalty depends on the entry."""


@law("nan", "NaN in a parameter makes the value NaN or raises an error; no prox makes it finite.")
def nan(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """One NaN among small, large, zero and equal entries, and NaN everywhere."""
    for shape in SMALL:
        for pattern, scale in (("normal", 1.0), ("equal", 1e-3), ("equal", 1e3), ("zeros", 1.0)):
            whole = penalty.one(Case(pattern, shape, scale, penalty.seed))
            if whole is not None:
                for index in (0, -1, None):
                    yield _passed_on(penalty, whole, index)


def _passed_on(penalty: PenaltyUnderTest, whole: Params, index: int | None) -> bool:
    """A NaN at one entry of the first parameter, or everywhere; whether the penalty uses it.

    A penalty may ignore entries, as differences of rows ignore a single row: a NaN there has no
    effect.
    """
    name = next(iter(whole))
    place = slice(None) if index is None else index
    if not any(_reaches_value(penalty, whole, name, place, entry) for entry in OTHERS):
        return False
    params = _with(whole, name, place, np.nan)
    where = np.isnan(params[name])
    try:
        value = penalty.value(params)
    except Violation:
        return True
    if np.isfinite(value):
        raise Violation(
            f"the value is {value!r} though {name} contains NaN",
            {"params": params},
            penalty.value_source(),
        )
    if penalty.has_prox():
        step = penalty.some_step()
        try:
            moved = penalty.prox(params, step)
        except Violation:
            return True
        if np.isfinite(moved[name][where]).any():
            raise Violation(
                f"the proximal point of NaN is {moved[name][where][0]!r}",
                {"params": params, "step": step},
                penalty.prox_source(),
            )
    return True


def _reaches_value(
    penalty: PenaltyUnderTest, whole: Params, name: str, place: int | slice, entry: float
) -> bool:
    changed = _with(whole, name, place, entry)
    if penalty.is_constraint:
        step = penalty.some_step()
        return not np.array_equal(
            penalty.prox(changed, step).flat(), penalty.prox(whole, step).flat()
        )
    return penalty.value(changed) != penalty.value(whole)


def _with(whole: Params, name: str, place: int | slice, entry: float) -> Params:
    params = whole.copy()
    params[name].flat[place] = entry
    return Params(dict(params))
