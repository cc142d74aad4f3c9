"""Checking a regularizer against the laws."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

from regkit.errors import FieldError
from regkit.regularizers import Configured
from regkit.testing.backend_names import NUMPY
from regkit.testing.backends import laws_for, library_of
from regkit.testing.counterexample import pasteable
from regkit.testing.law import Law
from regkit.testing.libraries import Library
from regkit.testing.penalty_under_test import TRIED_STRENGTH, PenaltyUnderTest
from regkit.testing.report import Report, Verdict
from regkit.testing.violation import Violation


def check_regularizer(regularizer: object, *, seed: int = 0, backend: str = NUMPY) -> Report:
    """Check every law on a regularizer, at strengths other than its own.

    The same regularizer always gets the same report. A hook may take any time; `regkit check` sets
    a limit, in a separate process.

    Args:
        regularizer: a Regularizer instance, or a raw plugin with both hooks.
        seed: the random seed of the test arrays.
        backend: `"torch"` to check it on PyTorch's tensors too, `"jax"` on JAX's arrays, after all
            other laws.

    Raises:
        InputError: there is no such backend.
        MissingPackageError: the backend's library cannot be imported.
    """
    library = library_of(backend)
    return Report(title(regularizer), tuple(verdicts(regularizer, seed=seed, library=library)))


def verdicts(
    regularizer: object, *, seed: int = 0, library: Library | None = None
) -> Iterator[Verdict]:
    """Yield the verdicts as the laws are checked, those on the arrays of a library last.

    After a broken prerequisite, the remaining laws are not checked.
    """
    broken = None
    for law in laws_for(library):
        if broken is not None:
            yield Verdict(law.name, "not applicable", f"{broken} does not hold")
            continue
        verdict = verdict_on(law, regularizer, seed=seed)
        if verdict.outcome == "failed" and law.prerequisite:
            broken = law.name
        yield verdict


def verdict_on(law: Law, regularizer: object, *, seed: int = 0) -> Verdict:
    """Check one law on a regularizer."""
    penalty = PenaltyUnderTest(regularizer, seed)
    tried = decided = 0
    # A penalty may overflow internally, at 1e8 for example; only its results are checked.
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
    return Verdict(law.name, "passed" if decided else "undecided", "", tried, decided)


def title(regularizer: object) -> str:
    """The regularizer's name in a report: its spec, its class name, or its repr."""
    if isinstance(regularizer, Configured):
        try:
            return str(regularizer)
        except FieldError:
            return type(regularizer).__name__
    return repr(regularizer)
