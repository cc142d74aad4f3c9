"""Real tables from a CSV to labels and back, no worse than scikit-learn's network of one shape."""

import warnings

import numpy as np
import pandas as pd
import pytest
from benchmarks.tables import TABLES, measured
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from regkit.data import read_table
from regkit.errors import RegkitWarning
from regkit.runs.config import Config
from regkit.runs.job import job

SEEDS = range(5)
HIDDEN = (32,)
LR = 0.01
# Epochs, and the strength of L2 on all weights.
SETS = {
    "iris": (200, 1e-3),
    "wine": (200, 1e-3),
    "breast_cancer": (200, 1e-3),
    "digits": (200, 1e-3),
    "diabetes": (400, 0.1),
}


@pytest.fixture
def table(request, tmp_path):
    """A set as a CSV, with the names of its classes."""
    original = getattr(datasets, f"load_{request.param}")(as_frame=True)
    frame = original.frame
    if "target_names" in original:
        frame["target"] = np.asarray(original.target_names)[frame["target"]]
    frame.to_csv(tmp_path / f"{request.param}.csv", index=False)
    return tmp_path / f"{request.param}.csv"


@pytest.mark.slow
@pytest.mark.parametrize("table", SETS, indirect=True)
# Digits have three pixels that are never inked, and nobody waits for convergence here.
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_no_worse_than_scikit_learn(table):
    ours, theirs = np.transpose([scores(table, seed) for seed in SEEDS])
    assert ours.mean() >= theirs.mean() - theirs.std(ddof=1), (ours, theirs)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
@pytest.mark.parametrize("name", ["wine", "breast_cancer", "diabetes", "price"])
def test_defaults_reach_a_pipeline_of_the_same_shape(name):
    found = [measured(TABLES[name], split) for split in range(3)]
    best, peer = (np.array([getattr(one, who) for one in found]) for who in ("best", "peer"))
    difference = best - peer
    # Two standard errors, and 0.02 for the luck of three splits.
    assert difference.mean() >= -2 * difference.std(ddof=1) / np.sqrt(3) - 0.02, (best, peer)
    # What defaults gave before columns were scaled: 0.39, 0.63, and below 0.
    assert best.mean() > {"wine": 0.9, "breast_cancer": 0.93, "diabetes": 0.2, "price": 0.9}[name]


@pytest.mark.parametrize("table", ["iris", "breast_cancer"], indirect=True)
def test_labels_come_back_as_they_stand_in_the_table(table):
    made = trained(table, seed=0)
    predicted = made.model.predict(made.data.preparation.transform(read_table(table)))
    labels = made.data.preparation.answers(predicted)
    right = labels == pd.read_csv(table)["target"].to_numpy()
    n_training, n_validation = len(made.data.training[1]), len(made.data.validation[1])
    expected = (
        made.objective(made.config.epochs - 1).accuracy * n_training
        + made.held_out()["validation"].accuracy * n_validation
    )
    assert right.sum() == round(expected)
    assert right.mean() > 0.9


def test_constant_columns_are_named_in_a_warning():
    with pytest.warns(RegkitWarning, match=r"which teach nothing: 'pixel_0_0', 'pixel_4_0'"):
        job(Config(data="sklearn:digits"))


def trained(table, seed):
    epochs, strength = SETS[table.stem]
    made = job(
        Config(
            data=str(table),
            target="target",
            standardize=True,
            hidden=HIDDEN,
            init="glorot",
            reg=(f"l2={strength}@weights",),
            lr=LR,
            decay=0.0,
            epochs=epochs,
            seed=seed,
        )
    )
    list(made.set_up().records())
    return made


def scores(table, seed):
    """The score on validation of a network of ours and of one of theirs, on the same rows."""
    epochs, strength = SETS[table.stem]
    made = trained(table, seed)
    evaluation = made.held_out()["validation"]
    X, y = made.data.training
    regression = made.data.preparation.task == "regression"
    # Theirs is loss + alpha / (2 · rows) · Σw², with half the squared error for regression.
    alpha = strength * len(X) * (1 if regression else 2)
    network = (MLPRegressor if regression else MLPClassifier)(
        hidden_layer_sizes=HIDDEN,
        alpha=alpha,
        batch_size=len(X),
        learning_rate_init=LR,
        max_iter=epochs,
        n_iter_no_change=epochs,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(X, y)
    found = evaluation.r2 if regression else evaluation.accuracy
    return found, network.score(*made.data.validation)
