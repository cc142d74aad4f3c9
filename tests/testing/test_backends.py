"""Which laws a backend adds, and to whom they apply.

Covers: regkit/testing/backend_names.py, regkit/testing/laws/backend.py
Covers: regkit/testing/libraries/library.py
"""

import sys

import pytest
from testing.correct import Huber, NetworkNorm, OutputSizes, RawSquares
from testing.mutants.form import NoGradient
from testing.mutants.libraries import OnlyNumPyIsRight, Portable, ProxOfNumPy

from regkit import L1, L2
from regkit.catalogue.resolve import regularizer
from regkit.errors import InputError, MissingPackageError
from regkit.testing import LAWS, check_regularizer, law_tests
from regkit.testing.backends import laws_for, library_of
from regkit.testing.check import verdict_on, verdicts
from regkit.testing.isolated import check_spec
from regkit.testing.laws.backend import laws_on
from regkit.testing.libraries import PyTorch, Strict

VALUES, POINTS = laws_on(Strict())
"""The laws of a backend on arrays that need no further package."""


def test_numpy_adds_nothing():
    assert library_of("numpy") is None
    assert laws_for(None) is LAWS
    assert "torch" not in {law.name for law in LAWS}


def test_a_librarys_laws_come_after_all_others():
    assert laws_for(Strict())[:-2] == LAWS
    named = [law.name for law in laws_on(PyTorch())]
    assert named == ["torch", "torch-prox"]


@pytest.mark.parametrize("check", [check_regularizer, law_tests])
def test_an_unknown_backend_is_refused(check):
    with pytest.raises(InputError, match="no backend 'pytorch': did you mean 'torch'"):
        check(L1(), backend="pytorch")
    with pytest.raises(InputError, match="use one of numpy, torch"):
        check(L1(), backend="")


@pytest.mark.parametrize(
    "check",
    [check_regularizer, law_tests, lambda spec, backend: check_spec(str(spec), backend=backend)],
)
def test_a_library_that_is_missing_is_an_error_and_no_verdict(check, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError, match=r"^--backend torch needs torch, .*\[torch\]'$"):
        check(L1(0.5), backend="torch")


@pytest.mark.parametrize(
    ("penalty", "law", "reason"),
    [
        (Huber(), VALUES, "values and gradients are bridged over the CPU: it does not declare"),
        (L1(on="*"), VALUES, ""),
        (RawSquares(), VALUES, "values and gradients are bridged over the CPU: it is a raw plugin"),
        (NetworkNorm(), VALUES, "it does not declare 'array_api'"),
        (OutputSizes(on="relu1"), VALUES, "it does not declare 'array_api'"),
        (Portable(), POINTS, "it has no proximal operator"),
        (regularizer("sorted_l1"), POINTS, "proximal points are bridged over the CPU: it does not"),
        (regularizer("max_norm"), VALUES, "it is a constraint"),
    ],
)
def test_a_bridged_penalty_is_not_tried_and_the_reason_is_told(penalty, law, reason):
    verdict = verdict_on(law, penalty)
    assert verdict.outcome == ("not applicable" if reason else "passed")
    assert reason in verdict.reason


def test_hooks_of_its_own_are_bridged():
    class Own(L2):
        def penalty(self, layer):
            return super().penalty(layer)

    assert "it overrides hooks" in verdict_on(VALUES, Own()).reason


def test_a_constraints_projection_is_tried():
    verdict = verdict_on(POINTS, regularizer("max_norm,radius=0.5"))
    assert (verdict.outcome, verdict.decided) == ("passed", verdict.tried)
    assert verdict.tried > 50


def test_after_a_broken_prerequisite_nothing_is_tried():
    last = list(verdicts(NoGradient(), library=Strict()))[-1]
    assert (last.law, last.reason) == (POINTS.name, "hooks does not hold")


@pytest.mark.parametrize(
    ("penalty", "law", "reason"),
    [
        (OnlyNumPyIsRight(), VALUES, "grad gives another result than on a NumPy array (off by"),
        (ProxOfNumPy(), POINTS, "on an array of array-api-strict prox raised"),
    ],
)
def test_what_differs_is_told(penalty, law, reason):
    assert reason in verdict_on(law, penalty).reason
