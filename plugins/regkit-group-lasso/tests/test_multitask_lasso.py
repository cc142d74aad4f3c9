"""Group lasso over outgoing weights, in mode `prox`, against scikit-learn's MultiTaskLasso."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_group_lasso import GroupLasso
from sklearn.linear_model import MultiTaskLasso

import regkit as rk

OUTPUTS = 3


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("alpha", [0.1, 0.8])
def test_outgoing_groups_reach_the_multitask_lasso(alpha, momentum):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((80, 10)) @ rng.standard_normal((10, 10))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    truth = np.zeros((10, OUTPUTS))
    truth[[1, 4, 7]] = rng.standard_normal((3, OUTPUTS))
    y = X @ truth + [1.0, 2.0, 3.0] + 0.3 * rng.standard_normal((80, OUTPUTS))
    reference = MultiTaskLasso(alpha=alpha, tol=1e-14, max_iter=100_000).fit(X, y)
    assert 0 < np.count_nonzero(reference.coef_.any(axis=0)) < 10

    # scikit-learn halves the squared error where regkit averages over outputs, and it does not
    # weigh a group by the root of its size.
    strength = 2 * alpha / OUTPUTS / np.sqrt(OUTPUTS)
    regularizer = GroupLasso(strength, groups="outgoing", mode="prox")
    model = rk.Model([rk.Dense(10, OUTPUTS)], loss=rk.MeanSquaredError(), dtype="float64")
    with_ones = np.column_stack([X, np.ones(len(X))])
    curvature = 2 * np.linalg.eigvalsh(with_ones.T @ with_ones / y.size)[-1]
    rk.train(
        model,
        X,
        y,
        optimizer=rk.SGD(1 / curvature, momentum=momentum),
        regularizers=[regularizer],
        epochs=5000,
        log_every=5000,
    )
    weights = model.layers[0].params["weights"]
    assert np.array_equal(weights == 0, reference.coef_.T == 0)
    assert_allclose(weights, reference.coef_.T, rtol=0, atol=1e-6)
    assert_allclose(model.layers[0].params["biases"][0], reference.intercept_, rtol=0, atol=1e-6)
