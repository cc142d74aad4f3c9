"""How one column of a table is encoded in X."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from regkit.array_types import Array
from regkit.data.column import Column
from regkit.data.table import listed
from regkit.errors import DataError

Imputation = Literal["mean", "median", "most_frequent"]
Unknown = Literal["error", "ignore"]

MOST_CATEGORIES = 1000
"""A text column with more categories than this holds names or free text, and is refused."""


@dataclass(frozen=True)
class InputColumn:
    """The encoding of a column in X, learned from the training rows.

    A number x becomes (x − mean) / scale; a category becomes a one-hot vector.

    Attributes:
        name: the column's name in the table.
        categories: one for each of its columns in X, in order; None for a column of numbers.
        fill: the number or category that replaces a missing value; None to refuse missing values.
        mean: subtracted from numbers.
        scale: numbers are divided by it; above 0.
        unknown: what becomes of a category that is none of `categories`: an error, or zeros.
    """

    name: str
    categories: tuple[str, ...] | None = None
    fill: float | str | None = None
    mean: float = 0.0
    scale: float = 1.0
    unknown: Unknown = "error"

    @classmethod
    def fit(
        cls,
        column: Column,
        *,
        standardize: bool,
        impute: Imputation | None,
        unknown: Unknown = "error",
    ) -> Self:
        """Learn the encoding from the training rows, at least one of which has a value.

        Raises:
            DataError: there are too many categories, or numbers too large to scale.
        """
        if column.categories is not None:
            known = tuple(column.labels)
            if len(known) > MOST_CATEGORIES:
                raise DataError(
                    f"column {column.name!r} holds {len(known)} different texts, such "
                    f"as {known[0]!r}, too many for categories: use --drop"
                )
            if impute is None:
                return cls(column.name, known, unknown=unknown)
            most_frequent = int(_most_frequent(column.values[~column.missing]))
            return cls(column.name, known, column.categories[most_frequent], unknown=unknown)
        numbers = np.asarray(column.values, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            fill = None if impute is None else _fill(numbers[~column.missing], impute)
            # Mean and scale are those of the filled column, since the network is trained on that.
            filled = numbers if fill is None else np.where(column.missing, fill, numbers)
            mean, scale = mean_and_deviation(filled) if standardize else (0.0, 1.0)
        if not all(math.isfinite(one) for one in (fill or 0.0, mean, scale)):
            raise DataError(f"column {column.name!r} holds numbers too large to compute with")
        return cls(column.name, None, fill, mean, scale)

    @property
    def features(self) -> list[str]:
        """The names of the columns in X."""
        if self.categories is None:
            return [self.name]
        return [f"{self.name}={category}" for category in self.categories]

    def fault(self) -> str | None:
        """What is wrong with it, where it was read from a damaged file; otherwise None."""
        if self.categories is not None:
            known = set(self.categories)
            if not known or len(known) < len(self.categories):
                return f"the categories of {self.name!r} must be distinct, and at least one"
            if self.fill is None or self.fill in known:
                return None
            return f"the fill value {self.fill!r} is not a category of {self.name!r}"
        if isinstance(self.fill, str):
            return f"{self.name!r} holds numbers and cannot be filled with {self.fill!r}"
        return None if self.scale > 0 else f"the scale of {self.name!r} must be above 0"

    def unseen(self, column: Column) -> list[Any]:
        """The categories of a column that training did not see."""
        return [one for one in column.labels if one not in (self.categories or ())]

    def encode(self, column: Column, out: Array) -> None:
        """Write the column's values to its columns in X, (rows, len(features)).

        Raises:
            DataError: it holds text instead of numbers, an unknown category, or a number that is
                too large for the dtype of X.
        """
        if self.categories is not None:
            self._encode_categories(self.categories, column, out)
        elif column.categories is not None:
            row = int(np.argmax(~column.missing))
            raise DataError(
                f"column {column.name!r} must hold numbers as in training, but row {row + 1} "
                f"holds {column.categories[column.values[row]]!r}"
            )
        else:
            self._encode_numbers(column, out[:, 0])

    def _encode_numbers(self, column: Column, out: Array) -> None:
        values = np.asarray(column.values, dtype=np.float64)
        if self.fill is not None:
            values = np.where(column.missing, self.fill, values)
        with np.errstate(over="ignore"):
            out[:] = (values - self.mean) / self.scale
        if not np.isfinite(out).all():
            largest = values[np.argmin(np.isfinite(out))]
            scaled = (self.mean, self.scale) != (0.0, 1.0)
            raise DataError(
                f"column {column.name!r} holds {largest:g}, which {out.dtype} cannot represent: "
                f"use --dtype float64{'' if scaled else ' or leave out --no-standardize'}"
            )

    def _encode_categories(self, known: tuple[str, ...], column: Column, out: Array) -> None:
        number_of: dict[Any, int] = {category: number for number, category in enumerate(known)}
        unknown = self.unseen(column)
        if unknown and self.unknown == "error":
            raise DataError(
                f"column {column.name!r} holds {listed(unknown)}, unknown from training: "
                f"its categories are {listed(known)}; --unknown ignore at training makes zeros "
                "of it"
            )
        # Missing values have code −1, which picks the last entry.
        texts = [*(column.categories or ()), self.fill]
        numbers = np.array([number_of.get(text, -1) for text in texts])[column.values]
        out[:] = 0
        rows = np.flatnonzero(numbers >= 0)
        out[rows, numbers[rows]] = 1


def mean_and_deviation(numbers: Array) -> tuple[float, float]:
    """Mean and standard deviation, which is taken as 1 for a constant column."""
    spread = float(numbers.max() - numbers.min())
    if spread == 0:
        return float(numbers[0]), 1.0
    # Squares of very small differences underflow.
    return float(numbers.mean()), float(numbers.std()) or spread


def _fill(numbers: Array, impute: Imputation) -> float:
    if impute == "most_frequent":
        return _most_frequent(numbers)
    return float(np.mean(numbers) if impute == "mean" else np.median(numbers))


def _most_frequent(values: Array) -> float:
    """The most frequent value; the smallest of them in a tie."""
    distinct, counts = np.unique(values, return_counts=True)
    return float(distinct[np.argmax(counts)])
