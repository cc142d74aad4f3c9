"""What the estimators refuse beside a single setting: what does not go with what came before."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectFromModel

import regkit as rk
from regkit.errors import DivergenceError, InputError
from regkit.sklearn import RegularizedMLPClassifier, RegularizedMLPRegressor

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4))
LABELS = np.where(X[:, 0] > 0, "yes", "no")
SETTINGS = {"hidden": (4,), "epochs": 3, "random_state": 0}


def classifier(**settings):
    return RegularizedMLPClassifier(**SETTINGS | settings)


def regressor(**settings):
    return RegularizedMLPRegressor(**SETTINGS | settings)


def test_a_warm_start_needs_the_same_network():
    fitted = classifier(warm_start=True).fit(X, LABELS)
    with pytest.raises(InputError, match="whose network has other layers"):
        fitted.set_params(hidden=(5,)).fit(X, LABELS)
    fitted.set_params(hidden=(4,)).fit(X, LABELS)
    with pytest.raises(InputError, match=r"the classes \['no', 'yes'\], but the given .*\[0, 1\]"):
        fitted.fit(X, (LABELS == "yes").astype(int))


def test_a_refused_fit_leaves_the_fitted_network():
    fitted = classifier().fit(X, LABELS)
    before = fitted.predict_proba(X)
    with pytest.raises(DivergenceError):
        fitted.set_params(optimizer="sgd", lr=1e300, epochs=50).fit(X, LABELS)
    np.testing.assert_array_equal(fitted.predict_proba(X), before)


def test_partial_fit_refuses_other_labels():
    with pytest.raises(InputError, match="y holds 'no', which is none of the classes"):
        classifier().partial_fit(X, LABELS, classes=["yes", "perhaps"])
    begun = classifier().partial_fit(X, LABELS, classes=["yes", "no"])
    with pytest.raises(InputError, match="partial_fit continues with the classes"):
        begun.partial_fit(X, LABELS, classes=["yes", "no", "perhaps"])
    with pytest.raises(InputError, match="y holds 'perhaps'"):
        begun.partial_fit(X[:1], ["perhaps"])


def test_partial_fit_takes_labels_that_are_not_there_yet():
    begun = classifier().partial_fit(X, LABELS, classes=["yes", "perhaps", "no"])
    assert begun.classes_.tolist() == ["no", "perhaps", "yes"]
    assert begun.partial_fit(X[:1], ["perhaps"]).n_iter_ == 2


def test_partial_fit_cannot_balance_classes():
    with pytest.raises(InputError, match="'balanced' is not for partial_fit"):
        classifier(class_weight="balanced").partial_fit(X, LABELS, classes=["no", "yes"])


def test_partial_fit_keeps_the_number_of_targets():
    begun = regressor().partial_fit(X, X[:, 0])
    with pytest.raises(InputError, match="the model has 1 output"):
        begun.partial_fit(X, X[:, :2])


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (np.zeros(60), "zero for every row"),
        (-np.ones(60), "at least 0"),
        (np.full(60, np.nan), "finite"),
        (np.ones(59), r"expected \(60,\)"),
        (["heavy"] * 60, "must hold numbers"),
    ],
)
def test_sample_weights_that_cannot_be_used(weights, said):
    with pytest.raises(InputError, match=said):
        regressor().fit(X, X[:, 0], sample_weight=weights)


@pytest.mark.parametrize(
    ("class_weight", "said"),
    [
        ("equal", "must be 'balanced', a mapping"),
        ({"yes": -1}, "finite and at least 0, got -1 for 'yes'"),
        ({"yes": "much"}, "got 'much' for 'yes'"),
        ({"yes": 0, "no": 0}, "zero for every row, by class_weight"),
    ],
)
def test_class_weights_that_cannot_be_used(class_weight, said):
    with pytest.raises(InputError, match=said):
        classifier(class_weight=class_weight).fit(X, LABELS)


@pytest.mark.parametrize("name", ["hidden", "regularizers"])
def test_iterators_would_serve_one_fit_only(name):
    with pytest.raises(InputError, match=f"{name} must be"):
        regressor(**{name: iter(["l2=1"])}).fit(X, X[:, 0])


def test_a_batch_holds_no_more_rows_than_there_are():
    whole, larger = regressor(), regressor(batch_size=1000)
    np.testing.assert_array_equal(
        whole.fit(X, X[:, 0]).predict(X), larger.fit(X, X[:, 0]).predict(X)
    )
    with pytest.raises(InputError, match="batch_size"):
        regressor(batch_size="auto").fit(X, X[:, 0])


def test_a_network_has_no_single_matrix_of_coefficients():
    fitted = regressor().fit(X, X[:, 0])
    with pytest.raises(AttributeError, match="for a linear model"):
        _ = fitted.coef_
    assert not hasattr(fitted, "intercept_")
    with pytest.raises(NotFittedError):
        regressor().predict(X)


def test_zeros_of_a_linear_model_select_inputs():
    penalty = rk.L1(0.2, mode="prox")
    lasso = regressor(hidden=(), regularizers=[penalty], lr=0.05, epochs=400)
    selection = SelectFromModel(lasso).fit(X, 3 * X[:, 2])
    assert selection.get_support().tolist() == [False, False, True, False]
    assert selection.transform(X).shape == (60, 1)
    assert selection.estimator_.intercept_ == pytest.approx(0, abs=0.1)
