"""glmnet's strengths as `docs/conversions.md` converts them, for glmnet's own Fortran program."""

import glmnet
import numpy as np
import pytest
from adapters.test_conversions import assert_converts, converted, minimizer, setting, table

import regkit as rk

X, Y = table()
S = Y[:, 0].std()
STANDARDIZED = (X - X.mean(axis=0)) / X.std(axis=0)
CLASSES = np.digitize(Y[:, 0], np.quantile(Y[:, 0], [0.3, 0.7]))
MIXTURES = [0.0, 0.4, 1.0]
LAMBDA, TOLERANCE = 0.15, 1e-7


def fitted(row, y, a):
    """glmnet's coefficients over its intercepts, by the call in R that the row shows."""
    call = f"`{row.strip('`').replace('lambda=', 'lambda_=')}`"
    model = setting(call, glmnet=in_python, x=X, y=y, a=a, l=LAMBDA, FALSE=False)
    coefficients = np.moveaxis(model.coef_path_, -1, 0)[0].reshape(-1, X.shape[1]).T
    return np.vstack([coefficients, np.ravel(model.intercept_path_)])


def in_python(x, y, *, alpha, lambda_, family="gaussian", standardize=True):
    """The function of R, with the arguments of the package in Python."""
    kind = glmnet.ElasticNet if family == "gaussian" else glmnet.LogitNet
    assert family in {"gaussian", "binomial" if y.max() == 1 else "multinomial"}
    given = {"lambda_path": [lambda_], "standardize": standardize, "n_splits": 0}
    return kind(alpha, tol=1e-20, max_iter=10**6, **given).fit(x, y)


def in_standard_units(coefficients):
    """What belongs to standardized columns, from coefficients of the columns as they are."""
    weights, intercepts = coefficients[:-1], coefficients[-1]
    return np.vstack([weights * X.std(axis=0)[:, None], intercepts + X.mean(axis=0) @ weights])


@pytest.mark.parametrize("a", MIXTURES)
def test_a_linear_regression_in_standard_units(a):
    row = "`glmnet(x, y, alpha=a, lambda=l)`"
    y = Y[:, 0]
    expected = in_standard_units(fitted(row, y, a))
    expected[-1] -= y.mean()
    ours = minimizer(STANDARDIZED, (y - y.mean()) / S, rk.MeanSquaredError())
    assert_converts(converted(row, a=a, l=LAMBDA, s=S), ours, expected / S, TOLERANCE)


@pytest.mark.parametrize("a", MIXTURES)
def test_a_linear_regression_in_given_units(a):
    row = "`glmnet(x, y, alpha=a, lambda=l, standardize=FALSE)`"
    ours = minimizer(X, Y[:, 0], rk.MeanSquaredError())
    expected = fitted(row, Y[:, 0], a)
    assert_converts(converted(row, a=a, l=LAMBDA, s=S), ours, expected, TOLERANCE)


@pytest.mark.parametrize("a", MIXTURES)
def test_a_classification_into_two(a):
    row = '`glmnet(x, y, family="binomial", alpha=a, lambda=l)`'
    y = (CLASSES > 0).astype(int)
    ours = minimizer(STANDARDIZED, y, rk.BinaryCrossEntropy())
    expected = in_standard_units(fitted(row, y, a))
    assert_converts(converted(row, a=a, l=LAMBDA), ours, expected, TOLERANCE)


@pytest.mark.parametrize("a", MIXTURES)
def test_a_classification_into_three(a):
    row = '`glmnet(x, y, family="multinomial", alpha=a, lambda=l)`'
    ours = minimizer(STANDARDIZED, CLASSES, rk.SoftmaxCrossEntropy(), 3)
    expected = in_standard_units(fitted(row, CLASSES, a))
    # Softmax leaves the mean of the biases open, which is 0 in ours.
    expected[-1] -= expected[-1].mean()
    assert_converts(converted(row, a=a, l=LAMBDA), ours, expected, TOLERANCE)
