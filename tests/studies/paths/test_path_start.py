import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LogisticRegression

from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.studies.paths.path_start import PathStart, grid
from regkit.studies.task import perform

LINEAR = {"hidden": (), "dtype": "float64", "val": 0.0}


def start(*reg, **settings):
    config = Config(**settings, reg=tuple(reg))
    (row,) = PathStart("start", toml_of(config), 0, False, ()).perform()
    return row["start"]


def standardized(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


@given(st.floats(1e-300, 1e6), st.integers(2, 50), st.floats(1e-6, 0.99))
@example(1e-300, 20, 1e-600)
def test_a_grid_goes_from_end_to_end_by_equal_factors(low, count, ratio):
    high = low / ratio if ratio else 1e300
    found = grid(low, high, count)
    assert (len(found), found[0], found[-1]) == (count, low, high)
    np.testing.assert_allclose(
        np.diff(np.log(found)), (np.log(high) - np.log(low)) / (count - 1), rtol=1e-6, atol=1e-11
    )


def test_strengths_that_are_all_but_equal_are_refused():
    with pytest.raises(InputError, match=r"there are no 30 strengths between 1\.0 and 1\.0000"):
        grid(1.0, 1.0000000000000002, 30)


@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_a_linear_path_starts_where_scikit_learns_does(ratio):
    X, y = load_diabetes(return_X_y=True)
    correlations = standardized(X).T @ standardized(y) / len(y)
    # α_max = max|Xᵀy|/(nρ); strength = α(1 + ρ), l1_ratio = 2ρ/(1 + ρ).
    expected = np.abs(correlations).max() / ratio * (1 + ratio)
    spec = f"elastic_net=auto,l1_ratio={2 * ratio / (1 + ratio)},mode=prox@dense1.weights"
    assert start(spec, **LINEAR, data="sklearn:diabetes") == pytest.approx(expected, rel=1e-8)


def test_a_logistic_path_starts_where_scikit_learns_weights_begin():
    X, y = load_breast_cancer(return_X_y=True)
    found = start("l1=auto,mode=prox@dense1.weights", **LINEAR, data="sklearn:breast_cancer")
    # Two columns of logits w and −w: ‖w‖₁ counts twice, and their difference is 2w.
    for factor, any_weights in ((1.01, False), (0.99, True)):
        C = 1 / (len(y) * found * factor)
        lasso = {"penalty": "elasticnet", "l1_ratio": 1.0, "solver": "saga", "random_state": 0}
        model = LogisticRegression(C=C, tol=1e-8, max_iter=20_000, **lasso)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            model.fit(standardized(X), y)
        assert (np.abs(model.coef_).max() > 1e-6) == any_weights


def test_a_group_path_starts_where_the_groups_gradient_is_as_large_as_the_penaltys(tmp_path):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 5))
    y = X[:, 0] - X[:, 3] + rng.normal(size=60)
    path = tmp_path / "table.npz"
    np.savez(path, X=X, y=y)
    found = start("group_lasso=auto,mode=prox@dense1.weights", **LINEAR, data=str(path))
    gradient = 2 * standardized(X).T @ standardized(y) / len(y)
    # All weights into the one neuron are one group, with the weight √5.
    assert found == pytest.approx(np.linalg.norm(gradient) / np.sqrt(5), rel=1e-8)


def test_scale_is_part_of_the_strength():
    plain = start("l1=auto,mode=prox@dense1.weights", **LINEAR, data="sklearn:diabetes")
    scaled = start("l1=auto,mode=prox,scale=size@dense1.weights", **LINEAR, data="sklearn:diabetes")
    assert scaled == pytest.approx(10 * plain)


@pytest.mark.parametrize(
    ("spec", "hidden", "ratio"),
    [
        ("l1=auto,mode=prox@dense1.weights", (), 1e-3),
        ("l2=auto,mode=prox@dense1.weights", (), 1e-6),
        ("l1=auto,mode=prox@dense1.weights", (4,), 1e-3),
        ("l2=auto,mode=prox", (4,), 1e-6),
    ],
)
def test_without_zeros_the_weakest_strength_is_further_from_the_strongest(spec, hidden, ratio):
    config = Config(data="sklearn:diabetes", hidden=hidden, epochs=50, lr=0.01, reg=(spec,))
    (row,) = PathStart("start", toml_of(config), 0, False, ()).perform()
    assert row["ratio"] == ratio


def test_a_start_that_fails_is_a_row_with_its_reason():
    config = Config(data="sklearn:diabetes", reg=("l1=auto@dense7",), hidden=())
    (row,) = perform(PathStart("start", toml_of(config), 0, False, ())).rows
    assert row["failed"].startswith("SelectorError")
