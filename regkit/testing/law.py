"""A law: a name, a statement, when it applies, and a check that yields its trials."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from regkit.hooks.modes import OUTPUTS
from regkit.testing.penalty_under_test import PenaltyUnderTest

Check = Callable[[PenaltyUnderTest], Iterator[bool]]
Applies = Callable[[PenaltyUnderTest], str | None]


@dataclass(frozen=True)
class Law:
    """One law that every penalty, or every penalty that declares something, must obey.

    Attributes:
        name: its name in reports and tests.
        statement: the law in one sentence.
        check: tests the cases, smallest first, and yields for each whether it was conclusive;
            raises `Violation` at the first that breaks the law.
        applies: the reason why the law does not apply to a penalty, or None if it does.
        prerequisite: whether the laws after it are meaningless if it is broken.
    """

    name: str
    statement: str
    check: Check
    applies: Applies
    prerequisite: bool = False


def law(
    name: str,
    statement: str,
    *,
    applies: Applies | None = None,
    prerequisite: bool = False,
    constraints: bool = True,
) -> Callable[[Check], Law]:
    """Turn a generator of trials into a `Law`; without `applies` it always applies.

    One that is not for `constraints` applies to penalties with a value and a strength only.
    """

    def of_both(penalty: PenaltyUnderTest) -> str | None:
        if penalty.is_constraint and not constraints:
            return "it is a constraint, which has no value and no strength"
        return applies(penalty) if applies else None

    def declared(check: Check) -> Law:
        return Law(name, statement, check, of_both, prerequisite)

    return declared


def where_declared(name: str, *, also: Applies | None = None) -> Applies:
    """The law applies if the author declares `name` (and `also` returns None)."""

    def applies(penalty: PenaltyUnderTest) -> str | None:
        if penalty.declared(name) in (None, False):
            return f"the author does not declare {name!r}"
        return also(penalty) if also else None

    return applies


def where_offered(method: str) -> Applies:
    """The law applies if the author offers `method`, a function of one penalty's parameters."""

    def applies(penalty: PenaltyUnderTest) -> str | None:
        if not callable(penalty.declared(method)):
            return f"it offers no {method!r}"
        if penalty.overrides_hooks or penalty.scope is OUTPUTS:
            return f"{method!r} is of parameters, for classes with a value"
        return None

    return applies
