"""Weights of the classes, as weights of their rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError

BALANCED = "balanced"


def with_class_weights(
    class_weight: object, numbers: Array, classes: Array, sample_weight: Array | None
) -> Array | None:
    """Sample weights multiplied by the weight of each row's class.

    Args:
        class_weight: weights by label, 1 for a label that is absent; `"balanced"` for
            Σw / (k · w_c), which gives each of the k classes that have rows the same total weight,
            with w_c the sum of the sample weights of class c; or None.
        numbers: the class number of each row.
        classes: the label of each number.
        sample_weight: checked ones, or None.

    Raises:
        InputError: it is something else, names no class, or holds a weight that is not finite and
            at least 0.
    """
    if class_weight is None:
        return sample_weight
    if isinstance(class_weight, Mapping):
        of_class = _by_label(class_weight, classes)
    elif isinstance(class_weight, str) and class_weight == BALANCED:
        totals = np.bincount(numbers, sample_weight, minlength=len(classes))
        present = totals > 0
        of_class = np.where(present, totals.sum() / present.sum(), 0)
        of_class[present] /= totals[present]
    else:
        raise InputError(
            f"class_weight must be 'balanced', a mapping from label to weight, or None, got "
            f"{class_weight!r}"
        )
    weights = of_class[numbers]
    return weights if sample_weight is None else weights * sample_weight


def _by_label(given: Mapping[object, object], classes: Array) -> Array:
    labels = classes.tolist()
    weights = dict.fromkeys(labels, 1.0)
    for label, weight in given.items():
        if label not in weights:
            raise InputError(f"class_weight names {label!r}, but the classes are {labels}")
        try:
            weights[label] = float(weight)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            weights[label] = np.nan
        if not 0 <= weights[label] < np.inf:
            raise InputError(
                f"class_weight must be finite and at least 0, got {weight!r} for {label!r}"
            )
    return np.array([weights[label] for label in labels])
