"""The mean squared error and R² against scikit-learn.

Covers: regkit/nn/losses/loss.py
"""

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error, r2_score

import regkit as rk


@pytest.mark.parametrize("n", [1, 3])
def test_loss_and_score_are_scikit_learns(passing_on, n):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((30, n))
    y = X + 0.3 * rng.standard_normal((30, n)) + np.arange(n)
    model = passing_on(rk.MeanSquaredError(), n)
    assert model.evaluate(X, y).data_loss == pytest.approx(mean_squared_error(y, X), rel=1e-12)
    # The spreads of several outputs are pooled.
    expected = r2_score(y, X, multioutput="variance_weighted")
    assert model.score(X, y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("y", [[2.0, 2.0], [2.0, 2.5]])
def test_the_score_of_constant_targets_is_scikit_learns(passing_on, y):
    model = passing_on(rk.MeanSquaredError(), 1)
    targets = np.full((2, 1), 2.0)
    X = np.reshape(y, (2, 1))
    assert model.score(X, targets) == r2_score(targets, X)


def test_one_column_and_a_flat_array_are_the_same_targets(passing_on):
    model = passing_on(rk.MeanSquaredError(), 1)
    X, y = np.array([[1.0], [2.0]]), np.array([1.5, 0.0])
    assert model.evaluate(X, y) == model.evaluate(X, y[:, np.newaxis])
    assert model.predict(X).shape == (2,)


def test_a_regression_gives_no_probabilities(passing_on):
    with pytest.raises(rk.errors.InputError, match="MeanSquaredError gives no probabilities"):
        passing_on(rk.MeanSquaredError(), 1).predict_proba([[1.0]])


@pytest.mark.parametrize(
    ("y", "complaint"),
    [
        ([1.0, float("nan")], "not finite"),
        ([1.0, float("inf")], "not finite"),
        ([1.0, 1e300], "not finite in float32"),
        (["1", "2"], "y must hold numbers"),
        ([[1.0, 2.0]] * 2, r"y has shape \(2, 2\)"),
        ([1.0], "X has 2 rows, but y has 1"),
    ],
)
def test_targets_that_are_no_numbers_are_refused(passing_on, y, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint):
        passing_on(rk.MeanSquaredError(), 1, "float32").evaluate(np.zeros((2, 1)), y)
