"""Problems whose solutions scikit-learn knows, zeros included."""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, MultiTaskLasso

ALPHA, ALPHA_OF_GROUPS = 0.1, 0.3
EXACT = 1e-8

SPEC = f"l1={2 * ALPHA},mode=prox"

# Over two outputs, and √ of the group's size.
SPEC_OF_GROUPS = f"group_lasso={2 * ALPHA_OF_GROUPS / 2 / np.sqrt(2)},groups=outgoing,mode=prox"


def diabetes(mixed=False):
    """Inputs, standardized or of mixed scales, and targets."""
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    y = (y - y.mean()) / y.std()
    scales = np.random.default_rng(0).uniform(-0.7, 0.7, 10) if mixed else np.zeros(10)
    return X * 10**scales, y


def lasso(X, y):
    return ElasticNet(alpha=ALPHA, l1_ratio=1, tol=1e-14, max_iter=10**6).fit(X, y).coef_


def two_outputs():
    """Inputs and targets of which seven inputs know nothing."""
    X, _ = diabetes()
    Y = X[:, :3] @ np.random.default_rng(0).standard_normal((3, 2))
    Y += 0.5 * np.random.default_rng(1).standard_normal(Y.shape)
    return X, Y - Y.mean(0)


def lasso_of_groups(X, Y):
    return MultiTaskLasso(alpha=ALPHA_OF_GROUPS, tol=1e-14, max_iter=10**6).fit(X, Y).coef_


def require_solved(found, wanted, exact=EXACT):
    """The coefficients, and which of them are 0; some are, and some are not."""
    assert np.max(np.abs(found - wanted)) <= exact
    assert np.array_equal(found == 0, wanted == 0)
    assert 0 < np.mean(found == 0) < 1
