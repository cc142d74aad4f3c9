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
            whole = penalty.params(Case(pattern, shape, scale, penalty.seed))
            for index in (0, -1):
                yield _passed_on(penalty, whole, index)
        yield _passed_on(penalty, whole, None)


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
            "regularizer.penalty(layer(params))",
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
                "regularizer.penalty_prox(layer(params), step)",
            )
    return True


def _reaches_value(
    penalty: PenaltyUnderTest, whole: Params, name: str, place: int | slice, entry: float
) -> bool:
    changed = penalty.value(_with(whole, name, place, entry))
    return changed != penalty.value(whole)


def _with(whole: Params, name: str, place: int | slice, entry: float) -> Params:
    params = whole.copy()
    params[name].flat[place] = entry
    return Params(dict(params))
