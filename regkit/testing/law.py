"""A law: a name, a statement, when it applies, and a check that yields its trials."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
    name: str, statement: str, *, applies: Applies | None = None, prerequisite: bool = False
) -> Callable[[Check], Law]:
    """Turn a generator of trials into a `Law`; without `applies` it always applies."""

    def declared(check: Check) -> Law:
        return Law(name, statement, check, applies or (lambda _: None), prerequisite)

    return declared


def where_declared(name: str, *, also: Applies | None = None) -> Applies:
    """The law applies if the author declares `name` (and `also` returns None)."""

    def applies(penalty: PenaltyUnderTest) -> str | None:
        if penalty.declared(name) in (None, False):
            return f"the author does not declare {name!r}"
        return also(penalty) if also else None

    return applies
