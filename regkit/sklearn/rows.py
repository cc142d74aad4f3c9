"""Rows of data with their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.given_arrays import as_array
from regkit.training.sample_weights import mean_one


@dataclass(frozen=True)
class Rows:
    """Checked inputs, targets, and the weights of the rows; None for equal ones."""

    X: Array
    y: Array
    weights: Array | None = None

    def __len__(self) -> int:
        return len(self.X)

    def take(self, chosen: Array) -> Rows:
        """Those that a mask chooses."""
        weights = None if self.weights is None else self.weights[chosen]
        return Rows(self.X[chosen], self.y[chosen], weights)


def checked_weights(sample_weight: ArrayLike | None, rows: int) -> Array | None:
    """Sample weights as an array, (rows,), of float64; None for none.

    Raises:
        InputError: they are not finite and at least 0, one for each row, or all of them are 0.
    """
    if sample_weight is None:
        return None
    given = as_array("sample_weight", sample_weight)
    if not np.any(given):
        raise InputError("sample_weight is zero for every row: leave it out, or weight some rows")
    mean_one(given, rows, np.dtype(np.float64))  # For its checks: the training scales them itself.
    weights: Array = given.astype(np.float64)
    return weights


def weighted_rows(X: Array, y: Array, weights: Array | None) -> Rows:
    """Rows without those of weight 0: a row of weight 0 is a row that is not there.

    Raises:
        InputError: all weights are 0.
    """
    rows = Rows(X, y, weights)
    if weights is None or weights.all():
        return rows
    if not weights.any():
        raise InputError("the sample weights are zero for every row, by class_weight")
    return rows.take(weights > 0)
