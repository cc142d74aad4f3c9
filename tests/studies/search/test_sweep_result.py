"""What a sweep found.

Covers: regkit/studies/search/sweep_text.py
"""

import pytest

from regkit.studies.ranges import Range
from regkit.studies.search.repeats import repeats_of
from regkit.studies.search.sweep_result import SweepResult
from regkit.studies.search.trial import SweepTrial

AXES = {"l2": Range(1e-5, 1e-1, logarithmic=True), "momentum": Range(0, 0.9)}
REPEATS = repeats_of(range(2), None)


def trial(number, scores, l2=1e-3, momentum=0.5, state="finished", reason=None):
    given = dict(zip(REPEATS, scores, strict=False))
    tests = {repeat: 10 + score for repeat, score in given.items()}
    return SweepTrial(number, {"l2": l2, "momentum": momentum}, given, tests, state, reason)


def found(*trials, metric="data_loss"):
    return SweepResult(metric, "tpe", AXES, trials, REPEATS)


MIXED = (
    trial(0, [0.5, 0.7]),
    trial(1, [0.1, 0.2], state="pruned"),
    trial(2, [0.4, 0.6], l2=0.09),
    trial(3, [0.0], state="failed", reason="DivergenceError: the loss"),
)


def test_the_best_has_the_best_mean_among_those_that_have_finished():
    assert found(*MIXED).best.number == 2
    assert found(*MIXED, metric="accuracy").best.number == 0
    assert [one.number for one in found(*MIXED).ranked()] == [2, 0]
    assert found(MIXED[1], MIXED[3]).best is None


def test_of_equals_the_first_is_the_best_one():
    assert found(trial(0, [1.0, 0.0]), trial(1, [0.0, 1.0])).best.number == 0


@pytest.mark.parametrize(
    ("l2", "momentum", "expected"),
    [
        (1e-3, 0.5, {}),
        (1.5e-5, 0.89, {"l2": "lower", "momentum": "upper"}),
        (2e-5, 0.02, {"momentum": "lower"}),
    ],
)
def test_ends_of_ranges_are_told_on_the_scale_of_the_range(l2, momentum, expected):
    assert found(trial(0, [1.0], l2, momentum)).at_ends == expected


def test_the_text_shows_the_best_ones_and_how_the_others_ended():
    lines = str(found(*MIXED)).splitlines()
    assert lines[0].split() == [
        "trial",
        "l2",
        "momentum",
        "data_loss,",
        "mean",
        "±",
        "SE",
        "test",
        "rows",
    ]
    assert " ".join(lines[1].split()) == "2 0.09 0.5 0.5 ± 0.1 10.5 ± 0.1"
    assert lines[2].startswith("0 ")
    assert lines[4] == "4 trials: 2 finished, 1 pruned, 1 failed"
    assert lines[5] == "1 failed: DivergenceError: the loss"
    assert lines[6] == "best: trial 2, l2 = 0.09, momentum = 0.5"
    assert "over 2 seeds is 0.5 ± 0.1 on the rows that chose it, and 10.5 ± 0.1 on" in lines[7]
    assert (
        lines[8] == "l2 = 0.09 lies near the upper end of 1e-05..0.1: a wider range may hold better"
    )


def test_at_an_end_is_said_of_the_end_alone():
    *_, lower, upper = str(found(trial(0, [1.0], 1e-5, 0.9))).splitlines()
    assert lower.startswith("l2 = 1e-05 lies at the lower end of ")
    assert upper.startswith("momentum = 0.9 lies at the upper end of ")


def test_one_trial_is_no_trials():
    assert "1 trial: 1 finished, 0 pruned, 0 failed" in str(found(trial(0, [1.0]))).splitlines()


def test_long_tables_are_cut_and_reasons_counted():
    many = [trial(number, [1.0, 2.0]) for number in range(12)]
    many += [trial(20 + n, [], state="failed", reason=f"reason {n}") for n in range(5)]
    text = str(found(*many))
    assert "and 2 more that have finished" in text
    assert "reason 2" in text
    assert "reason 3" not in text
    assert "and 2 for other reasons" in text


def test_without_a_finished_trial_the_text_says_so():
    assert "no trial has finished" in str(found(MIXED[3]))


def test_a_data_frame_has_a_row_for_each_trial():
    frame = found(*MIXED).to_frame()
    assert list(frame["trial"]) == [0, 1, 2, 3]
    assert list(frame["values.l2"]) == [1e-3, 1e-3, 0.09, 1e-3]
    assert list(frame["state"]) == ["finished", "pruned", "finished", "failed"]


def test_as_plain_data():
    plain = found(*MIXED).as_dict()
    assert plain["counts"] == {"finished": 2, "pruned": 1, "failed": 1}
    assert plain["best"]["trial"] == 2
    l2 = {"low": 1e-5, "high": 0.1, "logarithmic": True, "integer": False}
    assert plain["ranges"]["l2"] == l2
    assert [one["trial"] for one in plain["trials"]] == [0, 1, 2, 3]
