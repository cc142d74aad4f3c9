"""Mode `prox` under adaptive optimizers reaches scikit-learn's solutions, zeros included."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet

import regkit as rk

EPOCHS = 12_000


def diabetes(scaled):
    """The table, standardized; scaled, its columns have standard deviations from 0.2 to 5."""
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    if scaled:
        X = X * 10.0 ** np.linspace(-0.7, 0.7, X.shape[1])
    return X, (y - y.mean()) / y.std()


def trained(X, y, regularizer, optimizer, epochs=EPOCHS, outputs=1, start=0):
    model = rk.Model(
        [rk.Dense(X.shape[1], outputs)], loss=rk.MeanSquaredError(), seed=start, dtype="float64"
    )
    rk.train(
        model,
        X,
        y,
        optimizer=optimizer,
        regularizers=[regularizer],
        epochs=epochs,
        log_every=epochs,
    )
    return model.layers[0].weights


def assert_reaches_elastic_net(scaled, alpha, ratio, optimizer, epochs=EPOCHS, start=0):
    X, y = diabetes(scaled)
    wanted = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=1_000_000).fit(X, y).coef_
    if ratio == 1:
        regularizer = rk.L1(2 * alpha, mode="prox")
    else:
        regularizer = rk.ElasticNet(
            alpha * (1 + ratio), l1_ratio=2 * ratio / (1 + ratio), mode="prox"
        )
    found = trained(X, y, regularizer, optimizer, epochs, start=start)[:, 0]
    assert 0 < np.count_nonzero(wanted == 0) < wanted.size or alpha < 0.1
    assert np.array_equal(found == 0, wanted == 0)
    assert np.max(np.abs(found - wanted)) <= 1e-10


@pytest.mark.slow
@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("ratio", [0.3, 0.7, 1])
@pytest.mark.parametrize("alpha", [0.03, 0.1, 0.3])
@pytest.mark.parametrize("scaled", [False, True])
def test_adam_reaches_lasso_and_elastic_net(scaled, alpha, ratio, start):
    assert_reaches_elastic_net(scaled, alpha, ratio, rk.Adam(0.02, decay=1e-3), start=start)


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [0.3, 0.7, 1])
@pytest.mark.parametrize("alpha", [0.1, 0.3])
@pytest.mark.parametrize("scaled", [False, True])
def test_rmsprop_reaches_lasso_and_elastic_net(scaled, alpha, ratio):
    assert_reaches_elastic_net(scaled, alpha, ratio, rk.RMSProp(0.02, decay=1e-3))


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [0.3, 0.7, 1])
@pytest.mark.parametrize("alpha", [0.1, 0.3])
@pytest.mark.parametrize("scaled", [False, True])
def test_adagrad_reaches_lasso_and_elastic_net(scaled, alpha, ratio):
    assert_reaches_elastic_net(scaled, alpha, ratio, rk.AdaGrad(1.0), epochs=6000)
