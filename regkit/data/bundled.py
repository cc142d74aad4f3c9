"""The data sets bundled with scikit-learn."""

from __future__ import annotations

from regkit.data.column import Column, array_column
from regkit.data.optional_modules import optional_module
from regkit.errors import DataError
from regkit.suggestions import did_you_mean

PREFIX = "sklearn:"
NAMES = ("breast_cancer", "diabetes", "digits", "iris", "wine")
TARGET = "target"


def bundled_columns(name: str) -> list[Column]:
    """The columns of a data set, the target last; a target of classes holds their names.

    Raises:
        DataError: there is no such data set, or scikit-learn is not installed.
    """
    if name not in NAMES:
        hint = did_you_mean(name, NAMES) or f"there are {', '.join(NAMES)}"
        raise DataError(f"{PREFIX}{name} is not known: {hint}")
    datasets = optional_module("sklearn.datasets", PREFIX + name)
    found = getattr(datasets, f"load_{name}")()
    target = found.target_names[found.target] if "target_names" in found else found.target
    features = zip(found.feature_names, found.data.T, strict=True)
    return [*(array_column(str(n), one) for n, one in features), array_column(TARGET, target)]
