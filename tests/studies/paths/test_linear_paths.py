"""The paths of linear models are scikit-learn's, at every strength and with the same zeros."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import ElasticNet, enet_path

import regkit as rk
from regkit.studies.paths.path import prepare_path
from regkit.studies.paths.path_start import grid

STRENGTHS = 30
RHO = 0.7


def table(name, folder):
    """The set, with a numeric target, as a file; its standardized columns and target."""
    X, y = {"diabetes": load_diabetes, "breast_cancer": load_breast_cancer}[name](return_X_y=True)
    path = folder / f"{name}.npz"
    np.savez(path, X=X, y=y.astype(float))
    return path, (X - X.mean(axis=0)) / X.std(axis=0), (y - y.mean()) / y.std()


def _prepared(settings, reg, direction="dense"):
    return prepare_path(
        settings,
        reg,
        5,
        1,
        direction=direction,
        refit=False,
        strengths=STRENGTHS,
        metric=None,
        choose="1se",
        tolerance=None,
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
@pytest.mark.parametrize("direction", ["dense", "sparse"])
@pytest.mark.parametrize("penalty", ["lasso", "enet"])
@pytest.mark.parametrize("name", ["diabetes", "breast_cancer"])
def test_every_point_is_scikit_learns(name, penalty, direction, tmp_path):
    path, X, y = table(name, tmp_path)
    # Strengths: α = λ/2 for the Lasso; α(1 + ρ) = λ with l1_ratio = 2ρ/(1 + ρ) for the other.
    spec = "l1=auto@dense1.weights"
    ratio, of_strength = 1.0, 0.5
    if penalty == "enet":
        ratio, of_strength = RHO, 1 / (1 + RHO)
        spec = f"elastic_net=auto,l1_ratio={2 * RHO / (1 + RHO)}@dense1.weights"
    settings = {
        "data": str(path),
        "task": "regression",
        "hidden": [],
        "dtype": "float64",
        "val": 0,
        "epochs": 10_000,
    }
    prepared = _prepared(settings, [spec], direction)
    (row,) = prepared.start().perform()
    strengths = grid(row["start"] * row["ratio"], row["start"], STRENGTHS)
    found = {
        strength: (model.layers[0].params["weights"][:, 0].copy(), row)
        for strength, row, model in prepared.chains(strengths)[0].follow()
    }
    _, expected, _ = enet_path(
        X, y, alphas=np.array(strengths) * of_strength, l1_ratio=ratio, tol=1e-14, max_iter=10**6
    )
    # scikit-learn goes from the largest strength down.
    for number, strength in enumerate(strengths):
        weights, row = found[strength]
        theirs = expected[:, STRENGTHS - 1 - number]
        np.testing.assert_allclose(weights, theirs, rtol=0, atol=1e-6)
        np.testing.assert_array_equal(weights == 0, theirs == 0)
        assert row["nonzeros"] == np.count_nonzero(theirs)
        assert row["epochs"] <= 10_000
    assert not found[strengths[-1]][0].any()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
@pytest.mark.parametrize("l2", [0.5, 50.0])
def test_beside_a_ridge_every_point_is_scikit_learns_too(l2, tmp_path):
    path, X, y = table("diabetes", tmp_path)
    settings = {"data": str(path), "task": "regression", "hidden": [], "dtype": "float64"}
    reg = ["l1=auto@dense1.weights", f"l2={l2}@dense1.weights"]
    prepared = _prepared(settings | {"val": 0, "epochs": 10_000}, reg)
    (row,) = prepared.start().perform()
    strengths = grid(row["start"] * row["ratio"], row["start"], 10)
    for strength, row, model in prepared.chains(strengths)[0].follow():
        weights = model.layers[0].params["weights"][:, 0]
        # Twice scikit-learn's objective, with λ/2 = αρ and α(1 − ρ) = μ.
        alpha = strength / 2 + l2
        theirs = ElasticNet(alpha=alpha, l1_ratio=strength / 2 / alpha, tol=1e-14, max_iter=10**6)
        np.testing.assert_allclose(weights, theirs.fit(X, y).coef_, rtol=0, atol=1e-8)
        np.testing.assert_array_equal(weights == 0, theirs.coef_ == 0)
        assert row["converged"]


@pytest.mark.parametrize("factor", [1.0, 1.5, 10.0])
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_at_and_above_the_start_everything_is_zero(factor, tmp_path):
    path, _, _ = table("diabetes", tmp_path)
    settings = {"data": str(path), "task": "regression", "hidden": [], "dtype": "float64"}
    found = rk.path(settings | {"epochs": 2000}, "l1=auto@dense1.weights", strengths=3, folds=2)
    start = found.strengths[-1] * factor
    reg = f"l1={start * 0.9}..{start}@dense1.weights"
    if factor > 1:
        reg = f"l1={found.strengths[-1]}..{start}@dense1.weights"
    again = rk.path(settings | {"epochs": 2000}, reg, strengths=2, folds=2)
    assert again.nonzeros[-1] == 0
    assert factor == 1 or not any(again.nonzeros)
