"""Networks and linear models that train with the three, against solutions in closed form."""

import numpy as np
import pytest
from regkit_transfer import EWC, L2SP, AdaptiveLasso
from sklearn.linear_model import Lasso

import regkit
from regkit.errors import RegkitError


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 6))
    y = X @ np.array([[2.0], [-1.0], [0.5], [0.0], [0.0], [0.0]]) + 0.3 * rng.normal(size=(80, 1))
    return X - X.mean(axis=0), y - y.mean()


def fitted(penalty, X, y, optimizer, epochs):
    """The weights of a linear model without intercept, y ≈ X w."""
    model = regkit.Model(
        [regkit.Dense(X.shape[1], 1)], loss=regkit.MeanSquaredError(), seed=0, dtype="float64"
    )
    regkit.train(model, X, y, optimizer=optimizer, regularizers=[penalty], epochs=epochs)
    return model.layers[0].weights


def files(tmp_path, **arrays):
    np.savez(tmp_path / "start.npz", **arrays)
    return {name: regkit.File(tmp_path / "start.npz", name) for name in arrays}


@pytest.mark.parametrize("mode", ["loss", "prox"])
@pytest.mark.parametrize("with_importance", [False, True])
def test_a_linear_model_ends_at_the_ridge_solution_around_the_reference(
    table, tmp_path, mode, with_importance
):
    """(XᵀX/n + λ diag F)(w − w₀) = Xᵀ(y − X w₀)/n, from mean (y − Xw)² + λ Σ F (w − w₀)²."""
    X, y = table
    start = np.linspace(-2, 2, 6)[:, None]
    importance = np.linspace(0, 3, 6)[:, None] if with_importance else np.ones((6, 1))
    given = files(tmp_path, start=start, importance=importance)
    penalty = (
        EWC(0.4, reference=given["start"], importance=given["importance"], mode=mode)
        if with_importance
        else L2SP(0.4, reference=given["start"], mode=mode)
    )
    found = fitted(penalty, X, y, regkit.SGD(0.1), 1500)
    curvature = X.T @ X / len(X) + 0.4 * np.diag(importance[:, 0])
    expected = start + np.linalg.solve(curvature, X.T @ (y - X @ start) / len(X))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_adaptive_lasso_is_a_lasso_on_rescaled_columns(table, tmp_path, optimizer):
    """Zou (2006), section 3.5: columns ÷ c, an ordinary Lasso, its coefficients ÷ c."""
    X, y = table
    first = np.linalg.lstsq(X, y, rcond=None)[0]
    c = 1 / abs(first)
    lasso = Lasso(alpha=0.05, fit_intercept=False, tol=1e-14, max_iter=100_000)
    expected = lasso.fit(X / c.T, y[:, 0]).coef_[:, None] / c
    given = files(tmp_path, first=first)
    # scikit-learn's squared error has a ½.
    penalty = AdaptiveLasso(0.1, reference=given["first"], epsilon=1e-9, mode="prox")
    how = regkit.SGD(0.1) if optimizer == "sgd" else regkit.Adam(0.02, decay=1e-3)
    found = fitted(penalty, X, y, how, 1500 if optimizer == "sgd" else 6000)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)
    assert (np.flatnonzero(found == 0) == np.flatnonzero(expected == 0)).all()
    assert np.count_nonzero(found == 0) >= 2


def test_a_parameter_of_another_shape_ends_the_run_with_both_shapes(table, tmp_path):
    X, y = table
    penalty = L2SP(0.1, reference=files(tmp_path, start=np.ones((2, 3)))["start"])
    with pytest.raises(RegkitError, match=r"\(2, 3\).*\(6, 1\)"):
        fitted(penalty, X, y, regkit.SGD(0.1), 1)
