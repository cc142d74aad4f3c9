"""One trial of a sweep."""

import math

import numpy as np
import pytest

from regkit.studies.search.repeats import Repeat, repeats_of
from regkit.studies.search.trial import SweepTrial


def row(score, test=0.0):
    return {"validation": {"data_loss": score}, "test": {"data_loss": test}}


def after(*rows, repeats=None):
    trial = SweepTrial(0, {"lr": 0.1})
    for repeat, one in zip(repeats or repeats_of(range(len(rows)), None), rows, strict=True):
        trial = trial.with_row(repeat, one, "data_loss")
    return trial


def test_means_and_errors_are_those_of_the_scores():
    scores, tests = [0.5, 0.7, 0.9, 0.4], [1.0, 2.0, 4.0, 3.0]
    trial = after(*map(row, scores, tests))
    assert trial.state == "running"
    assert trial.mean == pytest.approx(np.mean(scores))
    assert trial.error == pytest.approx(np.std(scores, ddof=1) / 2)
    assert trial.test_mean == pytest.approx(np.mean(tests))
    assert trial.test_error == pytest.approx(np.std(tests, ddof=1) / 2)


def test_seeds_on_one_fold_do_not_make_the_error_smaller():
    folds = after(row(1.0), row(3.0), repeats=repeats_of([0], 2))
    again = after(row(1.0), row(3.0), row(1.0), row(3.0), repeats=repeats_of([0, 1], 2))
    assert folds.error == again.error == pytest.approx(1.0)


def test_one_repeat_has_no_error():
    assert math.isnan(after(row(1.0)).error)


def test_a_repeat_that_failed_or_is_not_finite_fails_the_trial_for_good():
    trial = after(row(1.0), {"failed": "DivergenceError: the loss"}, row(2.0), {"failed": "other"})
    assert (trial.state, trial.reason) == ("failed", "DivergenceError: the loss")
    assert after(row(None)).reason == after(row(math.inf)).reason == "its data_loss is not finite"


def test_rows_by_which_nothing_is_chosen_fail_nothing():
    trial = after(row(1.0, None))
    assert trial.state == "running"
    assert math.isnan(trial.test_mean)


def test_as_plain_data():
    assert after(row(1.0, 2.0), row(3.0, 2.0)).as_dict() == {
        "trial": 0,
        "values": {"lr": 0.1},
        "state": "running",
        "repeats": 2,
        "mean": 2.0,
        "error": 1.0,
        "test_mean": 2.0,
        "test_error": 0.0,
    }
    assert SweepTrial(0, {}, state="failed", reason="x").as_dict()["failed"] == "x"
    assert Repeat(0, 0) == Repeat(0, 0)
