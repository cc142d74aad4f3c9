"""Schedule and scale: what the strength is multiplied and divided by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import hooks_of
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects import ModelSubject
from regkit.testing.violation import Violation

EXACT = 1e-12
HALF = "step:0:0.5"


@law(
    "schedule-and-scale",
    "Hooks multiply by 'strength_for': by the schedule's factor, and divided as 'scale' says.",
    applies=lambda penalty: None if penalty.is_regularizer else "a raw plugin has no strength",
    constraints=False,
)
def schedule_and_scale(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """A schedule of ½ from epoch 0 on, and the number of entries as scale."""
    halved = penalty.replaced(schedule=HALF)
    for params in penalty.drawn(Case("normal", shape, 1.0, penalty.seed) for shape in SMALL):
        for hook in hooks_of(penalty):
            _require(penalty, halved, hook, params, 0.5, f"schedule={HALF!r}", epoch=0)
        yield True
        if "size" not in penalty.regularizer.scales:
            continue
        # Over several arrays of a layer, authors may count each apart or all together.
        on = penalty.subject.on[:1]
        one = penalty if isinstance(penalty.subject, ModelSubject) else penalty.replaced(on=on)
        size = params.flat().size if one is penalty else next(iter(params.values())).size
        for hook in hooks_of(penalty):
            _require(one, one.replaced(scale="size"), hook, params, 1 / size, "scale='size'")
        yield size > 1


def _require(
    plain: PenaltyUnderTest,
    other: PenaltyUnderTest,
    hook: str,
    params: Params,
    factor: float,
    field: str,
    epoch: int | None = None,
) -> None:
    """With the field, a hook answers `factor` × what it answers without; a prox, at that step."""
    if hook == plain.scope.point:
        step = plain.some_step()
        wanted = _flat(plain, hook, params, factor * step)
        got = _flat(other, hook, params, step, epoch)
    else:
        wanted = factor * _flat(plain, hook, params)
        got = _flat(other, hook, params, None, epoch)
    off = float(np.max(np.abs(got - wanted), initial=0))
    allowed = EXACT * float(np.max(np.abs(wanted), initial=0))
    if off > allowed:
        raise Violation(
            f"with {field}, {hook} does not change by the factor {factor:g}: multiply by "
            "self.strength_for(layer), not by self.strength",
            {"params": params, "step": plain.some_step()},
            f"import dataclasses\nplain = {plain.subject.source(hook)}\n"
            f"regularizer = dataclasses.replace(regularizer, {field})\n"
            f"{other.subject.asked_source(hook, 'step', 'epoch', '0')}, plain",
            off=off,
            allowed=allowed,
        )


def _flat(
    penalty: PenaltyUnderTest,
    hook: str,
    params: Params,
    step: float | None = None,
    epoch: int | None = None,
) -> Array:
    answer = penalty.answer(hook, params, step, epoch)
    if hook == penalty.scope.value:
        return np.array([0.0 if answer is None else answer])
    flat = penalty.subject.flat(answer)
    return np.concatenate([np.ravel(one) for one in flat.values()] or [np.empty(0)])
