"""What is not selected is left alone."""

from __future__ import annotations

from collections.abc import Iterator

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, hooks_of
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

OTHER = "other9"


@law(
    "selection",
    "A hook answers None where nothing is selected, and only for what is selected.",
    applies=lambda penalty: None if penalty.is_regularizer else "a raw plugin has no selectors",
)
def selection(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """With selectors of another layer, then with those of one parameter among two."""
    elsewhere = penalty.replaced(on=(OTHER,))
    parameters = penalty.subject.parameters
    on = parameters[:1] if penalty.subject.on == parameters else ()
    for params in penalty.drawn(Case("normal", shape, 1.0, penalty.seed) for shape in SMALL):
        for hook in hooks_of(penalty):
            _require_none(elsewhere, hook, params)
            if len(parameters) > len(on) > 0:
                _require_only(penalty.replaced(on=on), hook, params)
        yield True


def _require_none(penalty: PenaltyUnderTest, hook: str, params: Params) -> None:
    answer = _answer(penalty, hook, params)
    nothing = answer is None or (hook == penalty.scope.point and not answer)
    if not nothing:
        raise Violation(
            f"{hook} answers where nothing is selected: return None there",
            {"params": params},
            f"{_selecting((OTHER,))}{call_of(penalty, hook)}",
        )


def _require_only(penalty: PenaltyUnderTest, hook: str, params: Params) -> None:
    answer = _answer(penalty, hook, params)
    if hook == penalty.scope.value:
        return
    [selected] = penalty.regularizer.selectors
    extra = [name for name in penalty.subject.flat(answer) if not name.endswith(selected)]
    if extra:
        raise Violation(
            f"{hook} answers for {extra[0]}, which is not selected",
            {"params": params},
            f"{_selecting((selected,))}{call_of(penalty, hook)}",
        )


def _answer(penalty: PenaltyUnderTest, hook: str, params: Params) -> object:
    step = penalty.some_step() if hook == penalty.scope.point else None
    return penalty.answer(hook, params, step)


def _selecting(on: tuple[str, ...]) -> str:
    return f"import dataclasses\nregularizer = dataclasses.replace(regularizer, on={on!r})\n"
