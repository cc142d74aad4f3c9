"""scikit-learn's strengths as `docs/conversions.md` converts them: the minima are the same."""

import numpy as np
import pytest
from adapters.test_conversions import assert_converts, converted, minimizer, setting, table
from sklearn import linear_model, neural_network
from sklearn.exceptions import ConvergenceWarning

import regkit as rk

X, Y = table()
N, K = Y.shape
CLASSES = np.digitize(Y[:, 0], np.quantile(Y[:, 0], [0.3, 0.7]))
LIBRARY = {**vars(linear_model), **vars(neural_network)}
TOLERANCE = 1e-6
TO_THE_END = {"tol": 1e-14, "max_iter": 100_000}


def weights_over_biases(model):
    return np.vstack([model.coef_.T.reshape(X.shape[1], -1), np.ravel(model.intercept_)])


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("`Ridge(alpha=a)`", {"a": 7.0}),
        ("`Lasso(alpha=a)`", {"a": 0.1}),
        ("`ElasticNet(alpha=a, l1_ratio=r)`", {"a": 0.1, "r": 0.3}),
    ],
)
def test_regressions(row, names, outputs):
    y = Y[:, 0] if outputs == 1 else Y
    theirs = setting(row, **LIBRARY, **names).set_params(**TO_THE_END).fit(X, y)
    ours = minimizer(X, y, rk.MeanSquaredError(), outputs)
    regularizer = converted(row, n=N, k=outputs, **names)
    assert_converts(regularizer, ours, weights_over_biases(theirs), TOLERANCE)


def test_regressions_that_share_zeros():
    row = "`MultiTaskLasso(alpha=a)`"
    theirs = setting(row, **LIBRARY, a=0.2).set_params(**TO_THE_END).fit(X, Y)
    ours = minimizer(X, Y, rk.MeanSquaredError(), K)
    assert not theirs.coef_.all()
    assert_converts(converted(row, k=K, a=0.2), ours, weights_over_biases(theirs), TOLERANCE)


CLASSIFICATIONS = [
    ("`LogisticRegression(C=C)`", {"C": 0.3}),
    ('`LogisticRegression(C=C, l1_ratio=1, solver="saga")`', {"C": 0.5}),
    ('`LogisticRegression(C=C, l1_ratio=r, solver="saga")`', {"C": 0.5, "r": 0.4}),
]


@pytest.mark.parametrize(("row", "names"), CLASSIFICATIONS)
def test_classifications_into_two(row, names):
    y = CLASSES > 0
    theirs = setting(row, **LIBRARY, **names).set_params(**TO_THE_END).fit(X, y)
    ours = minimizer(X, y, rk.BinaryCrossEntropy())
    assert_converts(converted(row, n=N, **names), ours, weights_over_biases(theirs), TOLERANCE)


@pytest.mark.parametrize(("row", "names"), CLASSIFICATIONS)
def test_classifications_into_three(row, names):
    theirs = setting(row, **LIBRARY, **names).set_params(**TO_THE_END).fit(X, CLASSES)
    ours = minimizer(X, CLASSES, rk.SoftmaxCrossEntropy(), 3)
    assert_converts(converted(row, n=N, **names), ours, weights_over_biases(theirs), TOLERANCE)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("`LogisticRegression(C=C)` with a network of two outputs", {"C": 0.3}),
        (
            '`LogisticRegression(C=C, l1_ratio=1, solver="saga")` with a network of two outputs',
            {"C": 0.5},
        ),
    ],
)
def test_the_difference_of_two_outputs(row, names):
    y = (CLASSES > 0).astype(int)
    theirs = setting(row, **LIBRARY, **names).set_params(**TO_THE_END).fit(X, y)
    two_outputs = minimizer(X, y, rk.SoftmaxCrossEntropy(), 2)

    def ours(regularizer):
        return np.diff(two_outputs(regularizer))

    assert_converts(converted(row, n=N, **names), ours, weights_over_biases(theirs), TOLERANCE)


@pytest.mark.parametrize(
    ("row", "y", "loss", "outputs"),
    [
        ("`MLPClassifier(alpha=a, batch_size=m)`", CLASSES, rk.SoftmaxCrossEntropy(), 3),
        ("`MLPRegressor(alpha=a, batch_size=m)`", Y[:, 0], rk.MeanSquaredError(), 1),
        ("`MLPRegressor(alpha=a, batch_size=m)`", Y, rk.MeanSquaredError(), 2),
    ],
)
def test_networks_whose_penalty_is_divided_by_the_rows_of_a_batch(row, y, loss, outputs):
    """Each of their two batches is the whole of our data, so both minimize the same."""
    names = {"a": 3.0, "m": N}
    theirs = setting(row, **LIBRARY, **names).set_params(
        hidden_layer_sizes=(),
        solver="sgd",
        shuffle=False,
        learning_rate_init=0.1,
        max_iter=1500,
        n_iter_no_change=1500,
    )
    with pytest.warns(ConvergenceWarning, match="Maximum iterations"):
        theirs.fit(np.vstack([X, X]), np.concatenate([y, y]))
    expected = np.vstack([theirs.coefs_[0], theirs.intercepts_[0]])
    if outputs == 3:
        # Softmax leaves the mean of the biases open, which is 0 in ours.
        expected[-1] -= expected[-1].mean()
    ours = minimizer(X, y, loss, outputs)
    assert_converts(converted(row, k=outputs, **names), ours, expected, TOLERANCE)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ('`SGDClassifier(loss="log_loss", alpha=a)`', {"a": 0.1}),
        ('`SGDClassifier(loss="log_loss", penalty="l1", alpha=a)`', {"a": 0.1}),
        (
            '`SGDClassifier(loss="log_loss", penalty="elasticnet", alpha=a, l1_ratio=r)`',
            {"a": 0.1, "r": 0.3},
        ),
        ("`SGDRegressor(alpha=a)`", {"a": 0.1}),
        ('`SGDRegressor(penalty="l1", alpha=a)`', {"a": 0.1}),
    ],
)
def test_stochastic_gradients(row, names):
    """All rows have one gradient, so that a single row's step is that of the whole table."""
    signs = np.tile([1.0, -1.0], 10)
    inputs = signs[:, None] * [1.0, -2.0, 0.5]
    classifies = "Classifier" in row
    targets = signs > 0 if classifies else 1.5 * signs
    theirs = setting(row, **LIBRARY, **names).set_params(
        fit_intercept=False, learning_rate="constant", eta0=0.02, tol=None, max_iter=1000
    )
    theirs.fit(inputs, targets)
    loss = rk.BinaryCrossEntropy() if classifies else rk.MeanSquaredError()
    ours = minimizer(inputs, targets, loss)
    assert_converts(converted(row, **names), ours, np.r_[theirs.coef_.ravel(), 0][:, None], 1e-6)
