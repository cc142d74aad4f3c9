"""Group lasso over outgoing weights, in mode `prox`, against scikit-learn's MultiTaskLasso."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_group_lasso import GroupLasso
from sklearn.datasets import load_diabetes
from sklearn.linear_model import MultiTaskLasso

import regkit as rk

OUTPUTS = 3


def drawn():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((80, 10)) @ rng.standard_normal((10, 10))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    truth = np.zeros((10, OUTPUTS))
    truth[[1, 4, 7]] = rng.standard_normal((3, OUTPUTS))
    return X, X @ truth + [1.0, 2.0, 3.0] + 0.3 * rng.standard_normal((80, OUTPUTS))


def diabetes(scales):
    """Three targets: the progression, one of body mass, and one that depends on both."""
    X, target = load_diabetes(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    target = (target - target.mean()) / target.std()
    noise = np.random.default_rng(0).standard_normal((2, len(X)))
    serum = X[:, 2] - 0.5 * X[:, 8] + 0.3 * noise[0]
    y = np.column_stack([target, serum, target / 2 + X[:, 3] + 0.5 * noise[1]])
    # An intercept of 0 hardly has a gradient, and so Adam's steps for it stay too long to settle.
    y += np.arange(1, 4)
    return X * scales, y


def require_reached(alpha, X, y, optimizer, *, epochs, tolerance):
    reference = MultiTaskLasso(alpha=alpha, tol=1e-14, max_iter=100_000).fit(X, y)
    assert 0 < np.count_nonzero(reference.coef_.any(axis=0)) < 10
    # scikit-learn halves the squared error where regkit averages over outputs, and it does not
    # weigh a group by the root of its size.
    strength = 2 * alpha / OUTPUTS / np.sqrt(OUTPUTS)
    model = rk.Model([rk.Dense(10, OUTPUTS)], loss=rk.MeanSquaredError(), dtype="float64")
    rk.train(
        model,
        X,
        y,
        optimizer=optimizer,
        regularizers=[GroupLasso(strength, groups="outgoing", mode="prox", on="dense1.weights")],
        epochs=epochs,
        log_every=epochs,
    )
    weights = model.layers[0].params["weights"]
    assert np.array_equal(weights == 0, reference.coef_.T == 0)
    assert_allclose(weights, reference.coef_.T, rtol=0, atol=tolerance)
    biases = model.layers[0].params["biases"][0]
    assert_allclose(biases, reference.intercept_, rtol=0, atol=tolerance)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("alpha", [0.1, 0.8])
def test_outgoing_groups_reach_the_multitask_lasso(alpha, momentum):
    X, y = drawn()
    with_ones = np.column_stack([X, np.ones(len(X))])
    curvature = 2 * np.linalg.eigvalsh(with_ones.T @ with_ones / y.size)[-1]
    optimizer = rk.SGD(1 / curvature, momentum=momentum)
    require_reached(alpha, X, y, optimizer, epochs=5000, tolerance=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("scales", [1.0, 10 ** np.linspace(-0.7, 0.7, 10)], ids=["one", "mixed"])
@pytest.mark.parametrize("alpha", [0.03, 0.1, 0.3])
def test_they_reach_it_under_adam_too(alpha, scales):
    X, y = diabetes(scales)
    require_reached(alpha, X, y, rk.Adam(0.02, decay=1e-3), epochs=12_000, tolerance=1e-8)
