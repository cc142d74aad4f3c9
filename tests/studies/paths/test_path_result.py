"""A path is judged by its rows alone.

Covers: regkit/studies/paths/path_text.py, regkit/studies/paths/path_points.py
"""

import math

import numpy as np
import pytest

from regkit.studies.paths.path_result import path_result
from regkit.studies.task import FAILED

STRENGTHS = (0.1, 1.0, 10.0)
LOSSES = {  # By fold and seed, at each strength.
    (0, 0): (1.0, 1.1, 3.0),
    (0, 1): (1.2, 1.1, 3.2),
    (1, 0): (1.5, 1.6, 2.9),
    (1, 1): (1.7, 1.6, 3.1),
    (2, 0): (0.8, 0.9, 3.3),
    (2, 1): (0.8, 0.9, 3.5),
}


def of_folds():
    return [
        {
            "seed": seed,
            "fold": fold,
            "strength": strength,
            "converged": True,
            "test": {"data_loss": loss},
        }
        for (fold, seed), losses in LOSSES.items()
        for strength, loss in zip(STRENGTHS, losses, strict=True)
    ]


def of_all_rows(strength, inputs, neurons, converged=True):
    return {
        "seed": 0,
        "fold": None,
        "strength": strength,
        "nonzeros": 2 * len(inputs),
        "selected": 4,
        "distance": 1e-6,
        "tolerance": 2e-6,
        "converged": converged,
        "columns": ["age", "size"],
        "inputs": inputs,
        "neurons": {"dense1": neurons},
        "widths": {"dense1": 2},
        "norms": True,
        "input_weights": [0.5 if name in inputs else 0.0 for name in ("age", "size")],
        "neuron_weights": {"dense1": [1.5 if number in neurons else 0.0 for number in (0, 1)]},
        "train": {"data_loss": 0.25, "loss": 0.25 + strength},
    }


MASTER = [
    of_all_rows(0.1, ["age", "size"], [0, 1]),
    of_all_rows(1.0, ["size"], [1]),
    of_all_rows(10.0, [], [], converged=False),
]


def judged(rows, rule="1se"):
    return path_result(rows, metric="data_loss", folds=3, rule=rule, tolerance=1e-10)


def failed(row):
    return {key: row[key] for key in ("seed", "fold", "strength")} | {FAILED: "it burst"}


def test_means_and_errors_are_over_the_folds_means():
    found = judged([*MASTER, *of_folds()])
    by_fold = np.array(list(LOSSES.values())).reshape(3, 2, 3).mean(axis=1)
    np.testing.assert_allclose(found.means, by_fold.mean(axis=0))
    np.testing.assert_allclose(found.errors, by_fold.std(axis=0, ddof=1) / math.sqrt(3))
    assert found.strengths == list(STRENGTHS)


@pytest.mark.parametrize(("rule", "chosen"), [("min", 0.1), ("1se", 1.0)])
def test_the_rule_decides_which_strength_is_chosen(rule, chosen):
    found = judged([*MASTER, *of_folds()], rule)
    assert (found.lambda_min, found.lambda_1se, found.chosen) == (0.1, 1.0, chosen)


def test_weights_go_by_strength_and_are_unknown_where_a_training_failed():
    found = judged([MASTER[0], failed(MASTER[1]), MASTER[2], *of_folds()])
    assert str(found.input_weights) == "{'age': [0.5, nan, 0.0], 'size': [0.5, nan, 0.0]}"
    assert str(found.neuron_weights) == "{'dense1': [[1.5, 1.5], [nan, nan], [0.0, 0.0]]}"
    assert found.norms
    assert str(found.train_losses) == "[(0.25, 0.35), (nan, nan), (0.25, 10.25)]"


def test_the_order_of_rows_does_not_matter():
    rows = [*MASTER, *of_folds()]
    backwards = judged(rows[::-1])
    assert backwards.as_dict() == judged(rows).as_dict()


def test_a_fold_that_failed_is_left_out_and_two_are_needed():
    rows = [
        failed(row) if row["fold"] == 2 or (row["fold"] == 1 and row["strength"] == 10.0) else row
        for row in of_folds()
    ]
    found = judged([*MASTER, *rows])
    np.testing.assert_allclose(found.means[:2], [1.35, 1.35])
    assert math.isnan(found.means[2])
    assert math.isnan(found.errors[2])
    assert found.failures == {"it burst": 8}
    assert "8 trainings failed: it burst" in str(found)


def test_strengths_are_compared_only_where_every_fold_finished():
    # Without fold 1, which is the hardest one, the weakest strength looks best by far.
    rows = [
        failed(row) if (row["fold"], row["seed"], row["strength"]) == (1, 0, 0.1) else row
        for row in of_folds()
    ]
    found = judged([*MASTER, *rows])
    assert list(found.finished_folds) == [2, 3, 3]
    assert found.lambda_min == 1.0
    line = str(found).splitlines()[1]
    assert line.startswith("0.1 ")
    assert line.endswith("2 of 3 folds")
    assert found.as_dict()["finished_folds"] == [2, 3, 3]


def test_no_strength_is_chosen_without_a_mean():
    found = judged([*MASTER, *map(failed, of_folds())])
    assert found.choice is None
    assert math.isnan(found.lambda_min)
    assert math.isnan(found.chosen)
    assert "no strength can be chosen" in str(found)


def test_inputs_and_neurons_leave_at_a_strength():
    found = judged([*MASTER, *of_folds()])
    assert found.inputs == {"age": 1.0, "size": 10.0}
    assert found.neurons == {"dense1": {0: 1.0, 1: 10.0}}
    text = str(found)
    assert "size (10); age (1)" in text
    assert "neurons of dense1: 2 of 2 leave, at strengths from 1 to 10" in text


def test_inputs_that_leave_together_are_not_ranked():
    columns = [f"x{number}" for number in range(20)]
    master = [
        row | {"columns": columns, "inputs": columns[:kept], "input_weights": [1.0] * 20}
        for row, kept in zip(MASTER, (18, 14, 1), strict=True)
    ]
    found = str(judged([*master, *of_folds()]))
    among = ", ".join(columns[1:12])
    assert f"x0 (never); {among} (10) and 8 more (--json names all)" in found


@pytest.mark.parametrize("place", [0, 2])
def test_nothing_leaves_where_the_training_on_all_rows_failed(place):
    master = [failed(row) if at == place else row for at, row in enumerate(MASTER)]
    found = judged([*master, *of_folds()])
    assert found.nonzeros[place] is None
    assert math.isnan(found.distances[place])
    assert not found.converged[place]
    assert found.selected == 4
    # The last strength says nothing of an input that is still in use at the one before it.
    assert found.inputs["size"] == (None if place == 2 else 10.0)


def test_points_that_did_not_converge_are_marked():
    lines = str(judged([*MASTER, *of_folds()])).splitlines()
    assert [line.split()[0] for line in lines[1:4] if "not converged" in line] == ["10"]
    assert lines[4].startswith(
        "1 of 3 points did not converge: they are farther from stationary than 1e-10 of the "
        "gradient where their chain begins, on all rows a distance of 2.0e-06; equal epochs"
    )
    rows = [row | {"converged": row["strength"] != 1.0 or row["fold"] != 1} for row in of_folds()]
    lines = str(judged([*MASTER, *rows])).splitlines()
    assert lines[2].endswith("folds not converged")
    assert lines[4].startswith("2 of 3 points did not converge")


@pytest.mark.parametrize(
    ("losses", "left", "expected"),
    [
        ((1.0, 2.0, 3.0), 0, ["lambda_min is the weakest strength tried"]),
        ((2.0, 1.0, 3.0), 0, []),
        ((3.0, 2.0, 1.0), 2, ["lambda_1se is the strongest strength tried"]),
        ((3.0, 2.0, 1.0), 0, []),
    ],
)
def test_a_choice_at_an_end_of_the_path_is_told(losses, left, expected):
    folds = [
        {**row, "test": {"data_loss": losses[STRENGTHS.index(row["strength"])] + row["fold"] / 9}}
        for row in of_folds()
    ]
    master = [*MASTER[:2], {**MASTER[2], "nonzeros": left}]
    lines = str(judged([*master, *folds])).splitlines()
    assert [line.partition(":")[0] for line in lines if " tried" in line] == expected


def test_the_choices_are_marked_in_the_table():
    lines = str(judged([*MASTER, *of_folds()])).splitlines()
    assert lines[1].endswith("min")
    assert lines[2].endswith("1se")
    assert "2 of 4" in lines[2]


def test_more_is_better_for_accuracy():
    rows = [{**row, "test": {"accuracy": -row["test"]["data_loss"]}} for row in of_folds()]
    found = path_result([*MASTER, *rows], metric="accuracy", folds=3, rule="1se", tolerance=1e-5)
    assert (found.lambda_min, found.lambda_1se) == (0.1, 1.0)


def test_a_frame_has_a_row_for_each_training():
    frame = judged([*MASTER, *of_folds(), *map(failed, of_folds()[:1])]).to_frame()
    assert len(frame) == 3 + 18 + 1
