"""Counterexamples are Python: pasted, they build the regularizer and make the call.

Covers: regkit/testing/counterexample.py, regkit/testing/params.py, regkit/testing/violation.py
"""

import ast
import code
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import numpy as np
import pytest
from testing.mutants import all_mutants
from testing.shown import MARGINS, SHOWN

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
NEED_THE_REASON = {
    *("declarations", "fields", "quiet", "result-form", "shape-and-dtype", "prox-largest-step"),
    *("finite", "spec-round-trip", "pickle-round-trip", "array-api"),
    *("array-api-prox", "constraint-hooks", "domain", "dual-norm", "subgradient-distance"),
    *("projection-idempotent", "projection-nearest", "training"),
}
"""Laws whose lines say something of one class only, or show it together with the verdict."""

MARGIN = re.compile(r"off by (\S+), of which (\S+) is allowed")
NOT_THE_PLUGINS_FAULT = (SyntaxError, NameError, ImportError)
SMOOTH = ("gradient", "directional-derivative")
RAW = ("WrongSignature", "NotMarked")  # There is no source that gives these objects back.


def pasted(source):
    """What a paste into an interpreter gives: its last value, its names, and what it printed."""
    *statements, last = ast.parse(source).body
    names = {}
    with redirect_stdout(StringIO()) as printed:
        exec(compile(ast.Module(statements, []), "pasted", "exec"), names)
        given = names.get("params", {}).items()
        names["untouched"] = {name: a.copy() for name, a in given if isinstance(a, np.ndarray)}
        result = eval(compile(ast.Expression(last.value), "pasted", "eval"), names)
    return {"result": result, "names": names, "printed": printed.getvalue()}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "mutant",
    [one for one in all_mutants() if type(one).__name__ not in RAW],
    ids=lambda one: type(one).__name__,
)
def test_a_counterexample_runs_as_pasted_and_shows_the_fault(mutant):
    verdict = verdict_on(LAW[mutant.caught_by], mutant)
    if "answers for none" in verdict.reason:
        assert pasted(verdict.counterexample)["result"] is None
        return
    if verdict.law in SHOWN and "raised" not in verdict.reason:
        found = pasted(verdict.counterexample)
        assert SHOWN[verdict.law](**found, reason=verdict.reason), verdict
        return
    with pytest.raises((Exception, SystemExit)) as caught:  # Whatever the mutant raises.
        pasted(verdict.counterexample)
    assert not isinstance(caught.value, NOT_THE_PLUGINS_FAULT)
    assert str(caught.value) in verdict.reason or verdict.law == "hooks"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "mutant",
    [one for one in all_mutants() if one.caught_by in MARGINS],
    ids=lambda one: type(one).__name__,
)
def test_pasted_lines_show_the_fault_by_the_margin_that_is_printed(mutant):
    verdict = verdict_on(LAW[mutant.caught_by], mutant)
    if "raised" in verdict.reason or verdict.reason.endswith("is not finite"):
        return  # There is no number.
    off, allowed = map(float, MARGIN.search(verdict.reason).groups())
    assert verdict.counterexample.endswith(MARGIN.search(verdict.reason).group())
    assert not off <= allowed
    shown = MARGINS[verdict.law](**pasted(verdict.counterexample), reason=verdict.reason)
    assert shown == pytest.approx(off, rel=0.02, nan_ok=True)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("law", sorted(LAW))
def test_a_counterexample_can_be_pasted_into_the_prompt(law):
    """There a function or a loop ends with an empty line, and with nothing else."""
    mutant = next(one for one in all_mutants() if one.caught_by == law)
    errors = []

    class Prompt(code.InteractiveConsole):
        def showsyntaxerror(self, *arguments, **more):
            errors.append(sys.exc_info()[1])

    prompt = Prompt({})
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for line in verdict_on(LAW[law], mutant).counterexample.splitlines():
            prompt.push(line)
    assert errors == []


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("law", sorted(set(SHOWN) - NEED_THE_REASON))
def test_the_same_lines_show_nothing_of_a_penalty_without_the_fault(law):
    """So that what shows a fault is not what any penalty shows."""
    mutant = next(one for one in all_mutants() if one.caught_by == law)
    verdict = verdict_on(LAW[law], mutant)
    made = re.compile(r"^from testing\.mutants.*\nregularizer = .*$", re.MULTILINE)
    without_fault = "regkit.L2(0.5)" if law in SMOOTH else "regkit.L1(0.5)"
    right, times = made.subn(f"regularizer = {without_fault}", verdict.counterexample)
    assert times == 1
    assert not SHOWN[law](**pasted(right), reason=verdict.reason)


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
