"""The data sets that ship inside scikit-learn."""

from __future__ import annotations

from difflib import get_close_matches

from regkit.data.column import Column, array_column
from regkit.data.extra import needed
from regkit.errors import DataError

PREFIX = "sklearn:"
NAMES = ("breast_cancer", "diabetes", "digits", "iris", "wine")
TARGET = "target"


def bundled_columns(name: str) -> list[Column]:
    """The columns of a set; the last is its target, of class names where it has classes.

    Raises:
        DataError: there is no such set, or scikit-learn is not installed.
    """
    if name not in NAMES:
        close = get_close_matches(name, NAMES, n=1)
        hint = f"did you mean {PREFIX}{close[0]}?" if close else f"there are {', '.join(NAMES)}"
        raise DataError(f"{PREFIX}{name} is not known: {hint}")
    found = getattr(needed("sklearn.datasets", PREFIX + name), f"load_{name}")()
    target = found.target_names[found.target] if "target_names" in found else found.target
    features = zip(found.feature_names, found.data.T, strict=True)
    return [*(array_column(str(n), one) for n, one in features), array_column(TARGET, target)]
