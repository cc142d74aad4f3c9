"""The drawings of runs, read from what matplotlib was given.

Covers: regkit/reports/drawings/curves_over_epochs.py, regkit/reports/drawings/loss_and_penalty.py
Covers: regkit/reports/drawings/sparsity.py
"""

import numpy as np
import pytest

import regkit as rk
from regkit.reports.drawings import curves_over_epochs, loss_and_penalty
from regkit.reports.drawings.sparsity import MOST_CELLS, silent_neurons, sparsity
from regkit.reports.pictures.curves import Curves
from regkit.runs.config import Config
from regkit.runs.execute import execute


@pytest.fixture
def saved(finished_run):
    return rk.load(finished_run, weights="last")


@pytest.fixture
def history(saved):
    return Curves.of(saved.records, saved.path)


def X_of(saved):
    return saved.data().training[0]


def lines_of(drawn):
    (legend,) = drawn.figure.legends
    names = [text.get_text() for text in legend.texts]
    lines = drawn.figure.axes[0].lines
    return {name: line.get_ydata() for name, line in zip(names, lines, strict=True)}


def test_losses_and_scores_are_the_records(saved, history):
    lines = lines_of(curves_over_epochs.losses(history))
    records = saved.records
    np.testing.assert_array_equal(lines["data loss"], [one.data_loss for one in records])
    np.testing.assert_array_equal(lines["data loss plus penalty"], [one.loss for one in records])
    scores = lines_of(curves_over_epochs.scores(history))
    validation = [one.validation.score.value for one in records]
    np.testing.assert_array_equal(scores["validation"], validation)


def test_zeros_are_drawn_where_there_are_any(saved, history):
    lines = lines_of(curves_over_epochs.zeros(history))
    assert lines["dense2"][-1] == 100 * saved.records[-1].zeros["dense2"] > 0
    dense = Curves.of([one for one in saved.records if not any(one.zeros.values())], saved.path)
    assert curves_over_epochs.zeros(dense) is None


def test_the_way_of_a_training_is_penalty_against_data_loss(saved, history):
    curve = loss_and_penalty.over_epochs(history).figure.axes[0].lines[0]
    np.testing.assert_allclose(curve.get_xdata(), [one.penalty for one in saved.records])
    np.testing.assert_array_equal(curve.get_ydata(), [one.data_loss for one in saved.records])


def test_the_pattern_is_that_of_the_weights(saved):
    drawn = {one.title: one for one in sparsity(saved, X_of(saved))}
    w = saved.model["dense2"].params["weights"]
    assert 0 < np.count_nonzero(w) < w.size
    image = drawn["Zeros of dense2.weights"].figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(image, w != 0)
    told = dict(drawn["Zeros of dense2.weights"].numbers.rows)
    zeros = int((w == 0).sum())
    assert told["exactly 0"] == f"{zeros} ({zeros / w.size:.1%})"
    assert told["inputs without a weight"] == f"{int((w == 0).all(axis=1).sum())} of 8"


def test_a_neuron_that_never_fires_on_the_training_rows_is_dead(saved):
    layer = saved.model["dense1"]
    layer.params["biases"][0, 3] = -1e6
    assert 3 in silent_neurons(saved.model, X_of(saved))["dense1"]
    layer.params["biases"][0, 3] = 10.0  # A neuron that always fires is not.
    assert 3 not in silent_neurons(saved.model, X_of(saved))["dense1"]
    # Written out by the chapter's formula, for all of them.
    X = X_of(saved)
    layer.params["biases"][0, 5] = -1e6
    outputs = np.maximum(X @ layer.params["weights"] + layer.params["biases"], 0)
    dead = [at for at in range(8) if np.ptp(outputs[:, at]) == 0]
    assert 5 in dead
    assert silent_neurons(saved.model, X_of(saved))["dense1"] == dead
    assert list(silent_neurons(saved.model, X_of(saved))) == ["dense1"]


def test_a_large_matrix_is_drawn_in_blocks_by_their_shares(tmp_path):
    hidden = 3 * MOST_CELLS + 10
    config = Config(samples=5, hidden=(hidden,), epochs=1, out=str(tmp_path / "run"))
    execute(config)
    saved = rk.load(tmp_path / "run", weights="last")
    w = saved.model["dense1"].params["weights"]
    w[0, : hidden // 2] = 0
    drawn = {one.title: one for one in sparsity(saved, X_of(saved))}
    image = drawn["Zeros of dense1.weights"].figure.axes[0].images[0].get_array()
    assert image.shape == (2, MOST_CELLS)
    assert image[0, 0] == 0 < image[0, -1] <= 1
    assert image[0].mean() == pytest.approx(np.count_nonzero(w[0]) / hidden, abs=0.01)
