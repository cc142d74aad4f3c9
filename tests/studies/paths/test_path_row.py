"""The row of a point of a path."""

import json

import pytest

from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.evaluation import detailed_evaluation
from regkit.runs.job import job
from regkit.runs.unseen import Fold
from regkit.studies.folder import plain
from regkit.studies.paths.path_row import OF_ALL_ROWS, is_path_row, path_row
from regkit.studies.paths.point import Trained

CONFIG = Config(samples=20, hidden=(4,), reg=("l1=1e-3@dense1.weights",))
SELECTED = [("dense1", "weights")]


def row(*, of_fold):
    data = run_data(CONFIG, Fold(0, 3, 0) if of_fold else None)
    made = job(CONFIG, data=data)
    made.model["dense1"].weights[0] = 0
    return made, path_row(made, Trained(7, 0.25, False), SELECTED, of_fold=of_fold)


def test_a_fold_is_measured_on_the_rows_it_leaves_out():
    made, found = row(of_fold=True)
    held_out = detailed_evaluation(made.model, made.data.preparation, *made.data.held_out["test"])
    assert found["test"]["accuracy"] == held_out.measures()["accuracy"]
    assert not set(OF_ALL_ROWS) & set(found)


def test_all_rows_tell_what_is_in_use_and_how_the_training_ended():
    _, found = row(of_fold=False)
    assert "test" not in found
    assert (found["nonzeros"], found["selected"]) == (4, 8)
    assert (found["epochs"], found["distance"], found["converged"]) == (7, 0.25, False)
    assert (found["columns"], found["inputs"]) == (["x1", "x2"], ["x2"])
    assert found["widths"] == {"dense1": 4}


@pytest.mark.parametrize("of_fold", [True, False])
def test_a_row_that_lacks_something_is_none(of_fold):
    _, found = row(of_fold=of_fold)
    whole = json.loads(json.dumps(plain({**found, "tolerance": 1e-3})))
    assert is_path_row(whole, of_fold=of_fold)
    assert not is_path_row(whole, of_fold=not of_fold)
    for key in ("converged", *(["test"] if of_fold else OF_ALL_ROWS)):
        less = {name: one for name, one in whole.items() if name != key}
        assert not is_path_row(less, of_fold=of_fold), key
    for key in ("nonzeros", "selected", "distance", "tolerance"):
        assert not is_path_row({**whole, key: "text"}, of_fold=of_fold), key
