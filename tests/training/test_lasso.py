"""Mode `prox` on a linear model against scikit-learn's solutions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import ElasticNet, Lasso

import regkit as rk

EPOCHS = 3000


@pytest.fixture(scope="module")
def data():
    """A standardized table of which four columns matter."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((80, 12)) @ rng.standard_normal((12, 12))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    truth = np.zeros(12)
    truth[[1, 4, 5, 9]] = [2.0, -1.5, 1.0, 0.5]
    return X, X @ truth + 3.0 + 0.3 * rng.standard_normal(80)


def trained(X, y, regularizer, *, momentum=0.0, epochs=EPOCHS):
    model = rk.Model([rk.Dense(X.shape[1], 1)], loss=rk.MeanSquaredError(), dtype="float64")
    with_ones = np.column_stack([X, np.ones(len(X))])
    curvature = 2 * np.linalg.eigvalsh(with_ones.T @ with_ones / len(X))[-1]
    history = rk.train(
        model,
        X,
        y,
        optimizer=rk.SGD(1 / curvature, momentum=momentum),
        regularizers=[regularizer],
        epochs=epochs,
        log_every=epochs,
    )
    return model, history


def assert_same_solution(model, reference):
    assert 0 < np.count_nonzero(reference.coef_) < reference.coef_.size
    weights = model.layers[0].weights[:, 0]
    assert np.array_equal(weights == 0, reference.coef_ == 0)
    assert_allclose(weights, reference.coef_, rtol=0, atol=1e-6)
    assert_allclose(model.layers[0].biases[0, 0], reference.intercept_, rtol=0, atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("alpha", [0.05, 0.5])
def test_l1_reaches_the_lasso(data, alpha, momentum):
    reference = Lasso(alpha=alpha, tol=1e-14, max_iter=100_000).fit(*data)
    model, history = trained(*data, rk.L1(2 * alpha, mode="prox"), momentum=momentum)
    assert_same_solution(model, reference)
    penalty = 2 * alpha * np.abs(reference.coef_).sum()
    assert history[-1].penalties == pytest.approx({"l1": penalty}, abs=1e-6)


@pytest.mark.parametrize("ratio", [0.2, 0.7])
def test_elastic_net_reaches_scikit_learns(data, ratio):
    alpha = 0.3
    reference = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=100_000).fit(*data)
    regularizer = rk.ElasticNet(alpha * (1 + ratio), l1_ratio=2 * ratio / (1 + ratio), mode="prox")
    model, _ = trained(*data, regularizer)
    assert_same_solution(model, reference)


def test_a_subgradient_finds_no_exact_zero(data):
    proximal, _ = trained(*data, rk.L1(1.0, mode="prox"))
    subgradient, _ = trained(*data, rk.L1(1.0))
    assert np.count_nonzero(proximal.layers[0].weights == 0) > 0
    assert np.count_nonzero(subgradient.layers[0].weights == 0) == 0
