"""Estimators for scikit-learn: `RegularizedMLPClassifier` and `RegularizedMLPRegressor`.

Needs the extra `sklearn`.
"""

from regkit.extras import required

required("sklearn", package="scikit-learn", extra="sklearn", purpose="regkit.sklearn")

from regkit.sklearn.classifier import RegularizedMLPClassifier  # noqa: E402 - after the check
from regkit.sklearn.regressor import RegularizedMLPRegressor  # noqa: E402

__all__ = ["RegularizedMLPClassifier", "RegularizedMLPRegressor"]
