"""Sample weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from regkit.array_types import Array
from regkit.errors import InputError


def mean_one(sample_weight: ArrayLike | None, samples: int, dtype: np.dtype[Any]) -> Array | None:
    """The weights, scaled to a mean of 1, so that they leave the scale of the data loss alone.

    Args:
        sample_weight: (samples,), finite and at least 0, not all of them 0; None for none.
        samples: the number of rows.
        dtype: the model's.

    Raises:
        InputError: they are not such an array.
    """
    if sample_weight is None:
        return None
    try:
        weights = np.asarray(sample_weight, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("sample_weight must hold numbers") from None
    if weights.shape != (samples,):
        raise InputError(
            f"sample_weight has shape {weights.shape}: expected ({samples},), one for each row"
        )
    if not np.isfinite(weights).all() or weights.min() < 0 or not weights.any():
        raise InputError("sample_weight must be finite and at least 0, and not 0 everywhere")
    weights = weights / weights.max()  # A sum of the largest floats would overflow.
    scaled: Array = (weights / weights.mean()).astype(dtype)
    return scaled
