"""A path and scikit-learn's grid search do the same in P8: epochs, rows, steps and strengths."""

import numpy as np
import pytest
from benchmarks import path_cost
from benchmarks.contender import loss_after_some_steps
from benchmarks.peers.regkit_train import RegkitTrain
from sklearn.datasets import load_digits

from regkit.runs.config_file import config_from_mapping
from regkit.runs.data import run_data
from regkit.runs.unseen import Fold

AGREEMENT = 1e-4


def test_both_sides_train_as_many_epochs_in_all():
    strengths, folds = len(path_cost.STRENGTHS), path_cost.FOLDS
    chains, trainings = 1 + folds, 1 + strengths
    assert path_cost.EPOCHS * chains * trainings == path_cost.EPOCHS_OF_GRID * folds * strengths


@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_the_grid_search_has_the_folds_of_the_path(tmp_path):
    given = path_cost.settings(tmp_path, epochs=1)
    config = config_from_mapping({key.replace("_", "-"): one for key, one in given.items()}, "P8")
    X, y = load_digits(return_X_y=True)
    for number, (train, test) in enumerate(path_cost.splits()):
        data = run_data(config, Fold(number, path_cost.FOLDS, path_cost.SEED))
        for rows, (inputs, targets) in ((train, data.training), (test, data.held_out["test"])):
            assert np.array_equal(inputs, (X[rows] / 16).astype(np.float32))
            assert np.array_equal(targets, y[rows])


def test_scikit_learn_takes_the_same_steps():
    ((make, problem),) = path_cost.in_steps().values()
    ours, theirs = (loss_after_some_steps(one, problem) for one in (RegkitTrain, make))
    assert ours == pytest.approx(theirs, abs=AGREEMENT)
    assert ours < problem.loss(problem.start()) - 0.1
