"""Holding a regularizer against the laws."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

from regkit.errors import FieldError
from regkit.regularizers import Regularizer
from regkit.testing.counterexample import pasteable
from regkit.testing.law import Law
from regkit.testing.laws import LAWS
from regkit.testing.penalty_under_test import TRIED_STRENGTH, PenaltyUnderTest
from regkit.testing.report import Report, Verdict
from regkit.testing.violation import Violation


def check_regularizer(regularizer: object, *, seed: int = 0) -> Report:
    """Try every law on a regularizer, at strengths other than its own.

    The same regularizer gets the same report every time. Nothing limits how long a hook may take:
    `regkit check` does, in a process of its own.

    Args:
        regularizer: an instance of a Regularizer, or a raw plugin with both hooks.
        seed: of the arrays on which it is tried.
    """
    return Report(title(regularizer), tuple(verdicts(regularizer, seed=seed)))


def verdicts(regularizer: object, *, seed: int = 0) -> Iterator[Verdict]:
    """The verdicts one by one, as the laws are tried.

    After a broken law that the rest depends on, the rest is not tried.
    """
    broken = None
    for law in LAWS:
        if broken is not None:
            yield Verdict(law.name, "not applicable", f"{broken} does not hold")
            continue
        verdict = verdict_on(law, regularizer, seed=seed)
        if verdict.outcome == "failed" and law.prerequisite:
            broken = law.name
        yield verdict


def verdict_on(law: Law, regularizer: object, *, seed: int = 0) -> Verdict:
    """Try one law on a regularizer."""
    penalty = PenaltyUnderTest(regularizer, seed)
    tried = decided = 0
    # Overflow at 1e8 and the like are a penalty's business; what it returns is looked at.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            penalty = penalty.at(TRIED_STRENGTH)
            reason = law.applies(penalty)
            if reason is not None:
                return Verdict(law.name, "not applicable", reason)
            for case_decided in law.check(penalty):
                tried += 1
                decided += case_decided
        except Violation as violation:
            source = pasteable(penalty, violation)
            return Verdict(law.name, "failed", violation.problem, tried + 1, decided + 1, source)
    return Verdict(law.name, "passed", "", tried, decided)


def title(regularizer: object) -> str:
    """How a report calls the regularizer: its spec, or what it is."""
    if isinstance(regularizer, Regularizer):
        try:
            return str(regularizer)
        except FieldError:
            return type(regularizer).__name__
    return repr(regularizer)
