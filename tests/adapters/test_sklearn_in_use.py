"""The estimators where scikit-learn's users put them: searches, pipelines, tables, weights.

Covers: regkit/sklearn/classifier.py, regkit/sklearn/regressor.py, regkit/sklearn/network.py
Covers: regkit/sklearn/class_weights.py, regkit/sklearn/held_out.py, regkit/sklearn/rows.py
"""

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import ElasticNet, LogisticRegression, MultiTaskLasso
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import regkit as rk
from regkit.errors import InputError, SelectorError, UnknownRegularizerError
from regkit.sklearn import RegularizedMLPClassifier, RegularizedMLPRegressor

IRIS = load_iris(return_X_y=True)
QUICK = {"hidden": (8,), "epochs": 30, "random_state": 0}


def diabetes():
    X, y = load_diabetes(return_X_y=True)
    return (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()


def linear(regularizers, X, **settings):
    """A linear model by full batches at 1 / L, L the largest curvature of the squared error."""
    ones = np.column_stack([X, np.ones(len(X))])
    curvature = 2 * np.linalg.eigvalsh(ones.T @ ones / len(X))[-1]
    given = {"optimizer": "sgd", "lr": 1 / curvature, "epochs": 3000} | settings
    return RegularizedMLPRegressor(hidden=(), regularizers=regularizers, random_state=0, **given)


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [1.0, 0.4])
def test_a_linear_model_is_scikit_learns_lasso_and_elastic_net(ratio):
    X, y = diabetes()
    alpha = 0.1
    wanted = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=10**6).fit(X, y)
    penalty = rk.ElasticNet(alpha * (1 + ratio), l1_ratio=2 * ratio / (1 + ratio), mode="prox")
    found = linear([penalty], X).fit(X, y)
    np.testing.assert_allclose(found.coef_, wanted.coef_, rtol=0, atol=1e-8)
    assert np.array_equal(found.coef_ == 0, wanted.coef_ == 0)
    assert found.zeros_["dense1"] == pytest.approx(np.mean(wanted.coef_ == 0))
    assert found.score(X, y) == pytest.approx(wanted.score(X, y))


@pytest.mark.slow
def test_a_linear_model_of_several_targets_is_the_multi_task_lasso():
    X, _ = diabetes()
    Y = X[:, :3] @ np.random.default_rng(0).standard_normal((3, 2))
    Y += 0.5 * np.random.default_rng(1).standard_normal(Y.shape)
    Y -= Y.mean(0)
    wanted = MultiTaskLasso(alpha=0.3, tol=1e-14, max_iter=10**6).fit(X, Y)
    penalty = rk.regularizer(f"group_lasso={0.3 / np.sqrt(2)},groups=outgoing,mode=prox")
    found = linear([penalty], X).fit(X, Y)
    np.testing.assert_allclose(found.coef_, wanted.coef_, rtol=0, atol=1e-8)
    assert found.predict(X).shape == Y.shape


@pytest.mark.slow
def test_a_linear_classifier_is_a_logistic_regression():
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    C = 0.02
    wanted = LogisticRegression(C=C, tol=1e-12, max_iter=10**5).fit(X, y)
    found = RegularizedMLPClassifier(
        hidden=(),
        regularizers=[rk.L2(1 / (C * len(X)))],
        optimizer="sgd",
        lr=0.2,
        epochs=4000,
        random_state=0,
    ).fit(X, y)
    np.testing.assert_allclose(found.predict_proba(X), wanted.predict_proba(X), atol=1e-6)


@pytest.mark.slow
def test_a_grid_search_over_strengths():
    grid = {"regularizers": [["l2=1e-4"], ["l2=10"], [rk.L1(1e-3, mode="prox")]]}
    search = GridSearchCV(RegularizedMLPClassifier(**QUICK, lr=0.1), grid, cv=3).fit(*IRIS)
    assert search.best_params_["regularizers"] != ["l2=10"]
    assert search.best_score_ > 0.9


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_workers_give_the_same_scores():
    model = make_pipeline(StandardScaler(), RegularizedMLPClassifier(**QUICK))
    alone = cross_val_score(model, *IRIS, cv=4)
    together = cross_val_score(model, *IRIS, cv=4, n_jobs=2)
    assert np.array_equal(alone, together)


def test_a_clone_keeps_the_penalties_and_is_not_fitted():
    penalty = rk.L2(1e-3)
    fitted = RegularizedMLPClassifier(**QUICK, regularizers=[penalty, "l1=1e-3"]).fit(*IRIS)
    copied = clone(fitted)
    assert not hasattr(copied, "model_")
    assert np.array_equal(copied.fit(*IRIS).predict_proba(IRIS[0]), fitted.predict_proba(IRIS[0]))


def test_a_file_of_joblib_predicts_alike(tmp_path):
    model = RegularizedMLPClassifier(**QUICK, regularizers=["group_lasso=1e-3"]).fit(*IRIS)
    joblib.dump(model, tmp_path / "model.joblib")
    loaded = joblib.load(tmp_path / "model.joblib")
    assert np.array_equal(loaded.predict_proba(IRIS[0]), model.predict_proba(IRIS[0]))


def test_a_pipeline_with_outputs_as_data_frames():
    pipeline = make_pipeline(StandardScaler(), RegularizedMLPClassifier(**QUICK))
    pipeline.set_output(transform="pandas")
    table = pd.DataFrame(IRIS[0], columns=["a", "b", "c", "d"])
    pipeline.fit(table, IRIS[1])
    assert list(pipeline[-1].feature_names_in_) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_a_table_gives_names_and_the_same_model(frame):
    names = ["a", "b", "c", "d"]
    table = frame({name: IRIS[0][:, n] for n, name in enumerate(names)})
    found = RegularizedMLPClassifier(**QUICK).fit(table, IRIS[1])
    assert list(found.feature_names_in_) == names
    plain = RegularizedMLPClassifier(**QUICK).fit(*IRIS)
    assert np.array_equal(found.predict_proba(table), plain.predict_proba(IRIS[0]))
    renamed = frame({name.upper(): IRIS[0][:, n] for n, name in enumerate(names)})
    with pytest.raises(ValueError, match="feature names should match"):
        found.predict(renamed)


@pytest.mark.parametrize(
    "labels",
    [np.array(["virginica", "setosa", "versicolor"]), np.array([7, -3, 40]), [True, False, True]],
    ids=["text", "unsorted numbers", "bools"],
)
def test_labels_are_what_they_were(labels):
    y = np.asarray(labels)[IRIS[1]]
    model = RegularizedMLPClassifier(**QUICK).fit(IRIS[0], y)
    assert np.array_equal(model.classes_, np.unique(y))
    assert model.predict(IRIS[0]).dtype == y.dtype
    assert model.score(IRIS[0], y) > 0.6
    proba = model.predict_proba(IRIS[0])
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert np.array_equal(model.classes_[proba.argmax(axis=1)], model.predict(IRIS[0]))


@pytest.mark.parametrize("settings", [{}, {"early_stopping": True, "validation_fraction": 0.3}])
def test_a_weight_of_two_is_a_row_that_stands_twice(settings):
    X, y = IRIS
    weights = np.random.default_rng(0).integers(0, 3, len(X))
    repeated = np.repeat(np.arange(len(X)), weights)
    model = RegularizedMLPClassifier(**QUICK, **settings, regularizers=["l2=1e-3"])
    weighted = clone(model).fit(X, y, sample_weight=weights)
    plain = clone(model).fit(X[repeated], y[repeated])
    np.testing.assert_allclose(weighted.predict_proba(X), plain.predict_proba(X), atol=1e-9)


@pytest.mark.parametrize("class_weight", [{0: 1, 1: 2.5, 2: 0.5}, "balanced"])
def test_class_weights_are_weights_of_rows(class_weight):
    X, y = (one[20:] for one in IRIS)
    counts = np.bincount(y)
    by_class = len(y) / (3 * counts) if class_weight == "balanced" else [1, 2.5, 0.5]
    model = RegularizedMLPClassifier(**QUICK)
    given = clone(model).set_params(class_weight=class_weight).fit(X, y)
    by_hand = clone(model).fit(X, y, sample_weight=np.asarray(by_class)[y])
    np.testing.assert_allclose(given.predict_proba(X), by_hand.predict_proba(X), atol=1e-12)


def test_balanced_classes_count_rows_by_their_weights():
    X, y = (one[20:] for one in IRIS)
    weights = np.random.default_rng(0).integers(0, 4, len(X))
    repeated = np.repeat(np.arange(len(X)), weights)
    model = RegularizedMLPClassifier(**QUICK, class_weight="balanced")
    weighted = clone(model).fit(X, y, sample_weight=weights)
    plain = clone(model).fit(X[repeated], y[repeated])
    np.testing.assert_allclose(weighted.predict_proba(X), plain.predict_proba(X), atol=1e-9)


def test_early_stopping_ends_before_the_last_epoch():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((60, 5)), rng.standard_normal(60)
    model = RegularizedMLPRegressor(
        hidden=(32,), lr=0.05, epochs=2000, early_stopping=True, patience=5, random_state=0
    ).fit(X, y)
    assert model.n_iter_ < 2000
    assert model.history_.best_epoch < model.n_iter_


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"activation": "gelu"}, InputError, "activation must be one of 'relu'"),
        ({"optimizer": "lbfgs"}, InputError, "optimizer must be one of 'sgd'"),
        ({"hidden": (8, 2.5)}, InputError, "each size in hidden"),
        ({"hidden": "64"}, InputError, "hidden must be a tuple of sizes"),
        ({"regularizers": ["l3=1"]}, UnknownRegularizerError, "l3"),
        ({"regularizers": "l2=1"}, InputError, "regularizers must be a list"),
        ({"regularizers": ["l2=1@dense9"]}, SelectorError, "'dense9' matches no parameter"),
        ({"validation_fraction": 2, "early_stopping": True}, InputError, "validation_fraction"),
        ({"class_weight": {9: 1}}, InputError, "class_weight names 9"),
        ({"random_state": -1}, InputError, "random_state"),
        ({"epochs": 0}, InputError, "epochs"),
        ({"optimizer": rk.Adam(0.1), "lr": 0.1}, InputError, "has its own learning rate"),
        ({"dropout": 0.5, "hidden": ()}, InputError, "no hidden layer"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_fit(settings, error, said):
    with pytest.raises(error, match=said):
        RegularizedMLPClassifier(**QUICK | settings).fit(*IRIS)


def test_targets_of_another_kind():
    with pytest.raises(ValueError, match="Unknown label type"):
        RegularizedMLPClassifier(**QUICK).fit(IRIS[0], np.linspace(0, 1, 150))
    with pytest.raises(InputError, match="needs classes"):
        RegularizedMLPClassifier(**QUICK).partial_fit(*IRIS)


def test_a_network_that_goes_on_is_not_warned_of_its_start():
    model = RegularizedMLPClassifier(**QUICK).fit(*IRIS)
    model.set_params(regularizers=["l1=1,mode=prox@*"])
    for _ in range(5):
        model.partial_fit(*IRIS)
    assert model.zeros_["dense1"] > 0
