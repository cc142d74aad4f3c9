"""Counterexamples are Python: pasted, they build the regularizer and make the call."""

import numpy as np
import pytest
from testing.mutants import all_mutants

import regkit
from regkit import L1
from regkit.testing import LAWS, case
from regkit.testing.cases import Case
from regkit.testing.check import verdict_on
from regkit.testing.counterexample import pasteable, regularizer_source
from regkit.testing.params import Params, written
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

LAW = {law.name: law for law in LAWS}
NOT_THE_PLUGINS_FAULT = (SyntaxError, NameError, ImportError)
SHOWN_BY_AN_ERROR = ("hooks", "training")
RAW = ("WrongSignature", "NotMarked")  # There is no source that gives these objects back.


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "mutant",
    [one for one in all_mutants() if type(one).__name__ not in RAW],
    ids=lambda one: type(one).__name__,
)
def test_a_counterexample_runs_as_pasted(mutant):
    verdict = verdict_on(LAW[mutant.caught_by], mutant)
    try:
        exec(compile(verdict.counterexample, "pasted", "exec"), {})
    except NOT_THE_PLUGINS_FAULT:
        raise
    except (Exception, SystemExit):  # noqa: BLE001 - whatever the mutant raises
        assert "raised" in verdict.reason or verdict.law in SHOWN_BY_AN_ERROR


def test_a_counterexample_shows_what_the_verdict_says():
    penalty = PenaltyUnderTest(L1(2.0))
    violation = Violation(
        "wrong", {"params": Params({"weights": np.array([[0.5, -0.0]])})}, "found = layer(params)"
    )
    names = {}
    exec(pasteable(penalty, violation) + "\nvalue = regularizer.penalty(found)", names)
    assert names["value"] == 1.0
    assert np.signbit(names["params"]["weights"][0, 1])


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.1, -0.0, np.nan], [np.inf, -np.inf, 1e-300]]),
        np.array([[1 / 3]], dtype=np.float32),
        np.zeros((0, 3)),
        np.zeros((3, 0), dtype=np.float32),
    ],
)
def test_an_array_is_written_to_the_bit(array):
    again = eval(written(array), {"np": np})
    assert again.dtype == array.dtype
    assert again.shape == array.shape
    assert again.tobytes() == array.tobytes()


def test_a_large_array_is_written_as_its_case():
    wanted = Case("ties", (30, 20), 1e-3, 4)
    assert len(wanted.expression()) < 80
    assert np.array_equal(eval(wanted.expression(), {"regkit": regkit}), wanted.array())
    assert np.array_equal(case("ties", (30, 20), 1e-3, 4), wanted.array())


def test_derived_parameters_are_written_by_how_it_was_derived():
    params = Params({"weights": np.array([[1.0, 2.0]])}).times(3.0).astype(np.float32, "F")
    again = eval(repr(params), {"np": np})
    assert again["weights"].dtype == np.float32
    assert np.array_equal(again["weights"], [[3.0, 6.0]])


def test_an_installed_regularizer_is_written_as_its_spec():
    assert regularizer_source(L1(0.5, at_zero=0.0)) == (
        'regularizer = regkit.regularizer("l1=0.5,at_zero=0.0")'
    )
