"""What `check_regularizer` reports, and on whom.

Covers: regkit/testing/__init__.py, regkit/testing/law.py, regkit/testing/penalty_under_test.py
Covers: regkit/testing/report.py
Covers: regkit/testing/selection.py
"""

import json

import numpy as np
import pytest
from testing.correct import Huber, RawSquares
from testing.mutants.form import NoGradient, ReturnsAList
from testing.mutants.gradients import WrongFactor

from regkit import L1, L2, Regularizer, hookimpl
from regkit.testing import LAWS, Report, Verdict, check_regularizer
from regkit.testing.check import verdict_on
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.selection import on_any_layer


def verdicts(report):
    return {verdict.law: verdict for verdict in report.verdicts}


def test_a_report_has_a_verdict_for_each_law_in_order():
    report = check_regularizer(L2(0.1))
    assert [verdict.law for verdict in report.verdicts] == [law.name for law in LAWS]
    assert report.regularizer == "l2=0.1"
    assert report.ok
    assert not report.failures


def test_the_same_regularizer_gets_the_same_report():
    assert check_regularizer(WrongFactor()) == check_regularizer(WrongFactor())


def test_a_law_that_does_not_apply_says_why():
    found = verdicts(check_regularizer(RawSquares()))
    assert found["convex"].outcome == "not applicable"
    assert "'convex'" in found["convex"].reason
    assert found["linear-in-strength"].reason == "a raw plugin has no strength"
    assert found["prox-minimizes"].reason == "it has no proximal operator"


@pytest.mark.parametrize(
    ("mutant", "law"), [(NoGradient(), "hooks"), (ReturnsAList(), "result-form")]
)
def test_what_makes_the_rest_moot_is_the_one_finding(mutant, law):
    report = check_regularizer(mutant)
    assert [verdict.law for verdict in report.failures] == [law]
    assert report.verdicts[-1].reason == f"{law} does not hold"


@pytest.mark.parametrize("thing", [3, object(), None])
def test_what_is_no_plugin_is_a_finding(thing):
    (failure,) = check_regularizer(thing).failures
    assert failure.law == "hooks"


def test_a_declaration_that_raises_is_a_finding():
    class Undecided(Huber):
        @property
        def convex(self):
            raise RuntimeError("not today")

    (failure,) = check_regularizer(Undecided()).failures
    assert failure.reason == "convex raised RuntimeError: not today"


def test_a_strength_that_is_refused_is_a_finding():
    class Weak(Huber):
        def __post_init__(self):
            if self.strength > 0.1:
                raise ValueError("too strong")

    report = check_regularizer(Weak(0.05))
    assert report.failures[0].law == "hooks"
    assert "takes no strength 0.5: ValueError: too strong" in report.failures[0].reason


@pytest.mark.parametrize(
    ("on", "parameters"),
    [
        ("weights", ("weights",)),
        ("dense7", ("weights", "biases")),
        ("hidden*.biases", ("biases",)),
        ("*", ("weights", "biases")),
        (("dense1.weights", "biases"), ("weights", "biases")),
        ("dense1.kernel", ("weights",)),
    ],
)
def test_the_layer_under_test_has_what_the_selectors_are_about(on, parameters):
    assert on_any_layer(L1(on=on)) == parameters
    assert PenaltyUnderTest(L1(on=on)).at(0.5).regularizer.selectors == parameters[:1]


def test_the_report_as_data_survives_json():
    report = check_regularizer(WrongFactor())
    data = json.loads(json.dumps(report.as_dict()))
    assert data["ok"] is False
    assert [verdict["law"] for verdict in data["verdicts"]] == [law.name for law in LAWS]
    assert Verdict(**data["verdicts"][0]) == report.verdicts[0]


def test_laws_that_do_not_apply_for_one_reason_are_counted_not_listed():
    untried = [Verdict(f"law{n}", "not applicable", "hooks does not hold") for n in range(5)]
    report = Report("huber=0.1", (Verdict("hooks", "failed", "no grad", 1, 1, "code"), *untried))
    assert str(report).splitlines() == [
        "huber=0.1: 0 of 1 applicable laws hold",
        "  FAILED  hooks                  no grad; 1 tried, 1 decided",
        "",
        "      code",
        "",
        "  -       5 laws                 hooks does not hold",
    ]


def test_nothing_that_the_kit_does_outlives_it(recwarn):
    import numpy as np

    before = np.geterr(), repr(np.random.get_state(legacy=False))

    class Loud(Regularizer):
        def value(self, w):
            return float(np.sum(np.square(w, dtype=float)))

        def grad(self, w):
            np.float32(1e38) * np.float32(10)
            return 2 * w

    check_regularizer(Loud())
    assert (np.geterr(), repr(np.random.get_state(legacy=False))) == before
    assert not recwarn


def test_a_law_that_decided_nothing_is_no_pass():
    class Counted(Regularizer):
        """A step, whose slope is 0 almost everywhere: no difference says anything."""

        def value(self, w):
            return float(np.count_nonzero(w))

        def grad(self, w):
            return np.zeros_like(w)

    report = check_regularizer(Counted(0.1))
    found = verdicts(report)["gradient"]
    assert (found.outcome, found.decided) == ("undecided", 0)
    assert found.tried > 0
    assert " undecided" in str(report).splitlines()[0]
    assert "  ?       gradient" in str(report)


def test_a_raw_plugin_is_tried_on_the_layer_that_it_is_about():
    class AboutTheSecond(RawSquares):
        @hookimpl
        def penalty(self, layer):
            return super().penalty(layer) if layer.name == "dense2" else None

        @hookimpl
        def penalty_grad(self, layer):
            return super().penalty_grad(layer) if layer.name == "dense2" else None

    assert PenaltyUnderTest(AboutTheSecond()).subject.name == "dense2"
    verdict = verdict_on(law_named("gradient"), AboutTheSecond())
    assert verdict.outcome == "passed"
    assert verdict.decided > 100


def law_named(name):
    return next(law for law in LAWS if law.name == name)


class Enormous(Regularizer):
    """10¹² Σw², under which no training at a usual learning rate stays finite."""

    def value(self, w):
        return 1e12 * float(np.sum(np.square(w, dtype=float)))

    def grad(self, w):
        return 2e12 * w


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_penalty_too_strong_to_train_with_is_not_refused_for_it():
    assert verdict_on(LAWS[-1], Enormous()).outcome in ("passed", "undecided")
