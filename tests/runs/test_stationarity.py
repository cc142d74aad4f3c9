import math
from dataclasses import replace

import numpy as np
import pytest
from penalty_kinds import Ball, Floor, Together
from scipy.optimize import nnls
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression
from table_jobs import set_weights, table_job

import regkit as rk
from regkit.runs.stationarity import Stationarity

WEIGHTS = "dense1.weights"


class SoftThreshold(rk.Regularizer):
    """λ Σ|w|, which does not offer its distance."""

    def value(self, w):
        return float(np.abs(w).sum())

    def grad(self, w):
        return np.sign(w)

    def prox(self, w, step):
        return np.sign(w) * np.maximum(np.abs(w) - step, 0)


@pytest.fixture(scope="module")
def diabetes():
    X, y = load_diabetes(return_X_y=True)
    return (X - X.mean(axis=0)) / X.std(axis=0), (y - y.mean()) / y.std()


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.5, 2.0])
@pytest.mark.parametrize(
    "penalty",
    [
        lambda strength: rk.L1(strength, on=WEIGHTS, mode="prox"),
        lambda strength: SoftThreshold(strength, on=WEIGHTS, mode="prox"),
    ],
    ids=["by subgradients", "by proximal points"],
)
def test_a_lasso_solution_is_stationary_and_nothing_near_it_is(penalty, alpha, diabetes, tmp_path):
    X, y = diabetes
    # scikit-learn's objective is half the mean squared error plus α‖w‖₁.
    made = table_job(tmp_path, X, y, regularizers=[penalty(2 * alpha)])
    solution = Lasso(alpha=alpha, tol=1e-14, max_iter=100_000).fit(X, y)
    set_weights(made, solution.coef_, solution.intercept_)
    measure = Stationarity(made)
    assert measure.distance() < 1e-8
    moved = solution.coef_.copy()
    moved[3] += 1e-3
    set_weights(made, moved, solution.intercept_)
    assert measure.distance() > 1e-4


def test_the_distance_of_a_lasso_is_that_of_its_conditions(diabetes, tmp_path):
    X, y = diabetes
    made = table_job(tmp_path, X, y, regularizers=[rk.L1(0.3, on=WEIGHTS, mode="prox")])
    w = np.random.default_rng(0).normal(size=10)
    w[::3] = 0
    set_weights(made, w, 0.2)
    errors = X @ w + 0.2 - y
    g = 2 * X.T @ errors / len(X)
    by_weights = np.where(w == 0, np.maximum(np.abs(g) - 0.3, 0), np.abs(g + 0.3 * np.sign(w)))
    expected = max(by_weights.max(), abs(2 * errors.mean()))
    assert Stationarity(made).distance() == pytest.approx(expected, rel=1e-12)


def test_an_elastic_net_solution_is_stationary(diabetes, tmp_path):
    X, y = diabetes
    alpha, ratio = 0.1, 0.7
    penalty = rk.ElasticNet(
        alpha * (1 + ratio), l1_ratio=2 * ratio / (1 + ratio), on=WEIGHTS, mode="prox"
    )
    made = table_job(tmp_path, X, y, regularizers=[penalty])
    found = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=100_000).fit(X, y)
    set_weights(made, found.coef_, found.intercept_)
    assert Stationarity(made).distance() < 1e-8


@pytest.mark.parametrize("mode", ["loss", "decoupled", "prox"])
def test_a_weighted_ridge_solution_is_stationary_in_every_mode(mode, diabetes, tmp_path):
    X, y = diabetes
    weights = np.random.default_rng(1).uniform(0.2, 3.0, len(X))
    strength = 0.4
    made = table_job(tmp_path, X, y, weights, regularizers=[rk.L2(strength, on=WEIGHTS, mode=mode)])
    Z = np.column_stack([X, np.ones(len(X))])
    share = weights / weights.sum()
    ridge = np.diag([strength] * 10 + [0.0])
    *w, b = np.linalg.solve(Z.T @ (share[:, None] * Z) + ridge, Z.T @ (share * y))
    set_weights(made, w, b)
    assert Stationarity(made).distance() < 1e-12
    without = replace(made, data=replace(made.data, sample_weight=None))
    assert Stationarity(without).distance() > 1e-3


def test_a_sparse_logistic_regression_is_stationary(tmp_path):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(200, 6))
    y = (X[:, 0] - X[:, 1] / 2 + rng.normal(size=200) > 0.3).astype(int)
    theirs = LogisticRegression(C=0.1, l1_ratio=1, solver="saga", tol=1e-10, max_iter=10_000)
    found = theirs.fit(X, y)
    assert (found.coef_ == 0).any()
    # Two outputs that differ by Xw, with weights ±w/2, cost ‖w‖₁ as w alone does.
    strength = 1 / (theirs.C * len(X))
    made = table_job(tmp_path, X, y, regularizers=[rk.L1(strength, on=WEIGHTS, mode="prox")])
    signs = np.array([-0.5, 0.5])
    set_weights(made, np.outer(found.coef_[0], signs), found.intercept_ * signs)
    assert Stationarity(made).distance() < 1e-8


def test_a_least_squares_solution_under_a_constraint_is_stationary(diabetes, tmp_path):
    X, y = diabetes
    made = table_job(tmp_path, X, y, regularizers=[Floor(on=WEIGHTS, mode="constraint")])
    w, _ = nnls(X, y)
    assert (w == 0).any()
    set_weights(made, w, 0.0)
    measure = Stationarity(made)
    assert measure.distance() < 1e-10
    set_weights(made, w + 1e-3, 0.0)
    assert measure.distance() > 1e-4


def test_a_penalty_of_the_whole_model_acts_by_its_proximal_points(diabetes, tmp_path):
    X, y = diabetes
    made = table_job(tmp_path, X, y, regularizers=[Together(0.3, on=WEIGHTS, mode="prox")])
    set_weights(made, np.linalg.solve(X.T @ X / len(X) + 0.3, X.T @ y / len(X)), 0.0)
    assert Stationarity(made).distance() < 1e-12
    made = table_job(tmp_path, X, y, regularizers=[Ball(radius=0.1, on=WEIGHTS, mode="constraint")])
    set_weights(made, np.full(10, 0.1 / math.sqrt(10)), 0.0)
    assert Stationarity(made).distance() > 1e-2


def test_without_a_penalty_it_is_the_largest_entry_of_the_gradient(tmp_path):
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(30, 3)), rng.integers(0, 3, 30)
    made = table_job(tmp_path, X, y, hidden=(5,), activation="tanh", init="he")
    parameters, slopes = made.model.parameters, []
    for place, before in enumerate(parameters.copy()):
        values = []
        for change in (1e-6, -1e-6):
            parameters[place] = before + change
            values.append(made.model.evaluate(X, y).data_loss)
        parameters[place] = before
        slopes.append((values[0] - values[1]) / 2e-6)
    measure = Stationarity(made)
    assert measure.distance() == pytest.approx(np.abs(slopes).max(), rel=1e-6)
    assert measure.gradient() == pytest.approx(slopes, abs=1e-8)


def test_the_strength_is_that_of_the_epoch(diabetes, tmp_path):
    X, y = diabetes
    penalty = rk.L1(100.0, on=WEIGHTS, mode="prox", schedule="from:10")
    made = table_job(tmp_path, X, y, regularizers=[penalty])
    set_weights(made, 0.0, 0.0)
    measure = Stationarity(made)
    assert measure.distance(9) == pytest.approx(np.abs(2 * X.T @ y / len(X)).max())
    assert measure.distance(10) < 1e-12


def test_measuring_leaves_the_model_alone(diabetes, tmp_path):
    X, y = diabetes
    made = table_job(tmp_path, X, y, regularizers=[SoftThreshold(0.3, on=WEIGHTS, mode="prox")])
    before = made.model.parameters.copy()
    measure = Stationarity(made)
    assert measure.distance() == measure.distance()
    np.testing.assert_array_equal(made.model.parameters, before)


def test_what_is_not_finite_is_infinitely_far(diabetes, tmp_path):
    X, y = diabetes
    made = table_job(tmp_path, X, y, regularizers=[SoftThreshold(0.3, on=WEIGHTS, mode="prox")])
    for one in (np.nan, np.inf):
        made.model.parameters[...] = one
        assert Stationarity(made).distance() == math.inf
