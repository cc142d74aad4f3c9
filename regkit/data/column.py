"""A column of a table: numbers or categories."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import DataError


@dataclass(frozen=True)
class Column:
    """One column of a table: numbers or categories.

    Attributes:
        name: its name in the table.
        values: (rows,). Numbers are floats, integers or bools, and NaN where missing; categories
            are indices into `categories`, −1 where missing.
        categories: the distinct texts of the whole column, sorted; None for numbers. `take` keeps
            all of them, so a subset of the rows still has every category of the whole table.
        fault: why the column cannot be used as it is, or None. It is an error only when the column
            is used.
    """

    name: str
    values: Array
    categories: tuple[str, ...] | None = None
    fault: str | None = None

    @property
    def missing(self) -> Array:
        """Whether each value is missing, (rows,)."""
        return np.isnan(self.values) if self.categories is None else np.equal(self.values, -1)

    @property
    def labels(self) -> list[Any]:
        """The distinct values without missing ones, sorted: texts or Python numbers."""
        distinct = np.unique(self.values[~self.missing]).tolist()
        return distinct if self.categories is None else [self.categories[i] for i in distinct]

    def take(self, rows: Array) -> Column:
        """These rows of the column."""
        return replace(self, values=self.values[rows])

    def as_text(self) -> Column:
        """The column as categories; a number becomes its `str`.

        Raises:
            DataError: its values are neither numbers nor text.
        """
        if self.categories is not None:
            return replace(self, fault=None)
        if self.fault is not None:
            raise DataError(self.fault)
        absent = self.missing
        values = self.values.tolist()
        texts = [None if none else str(v) for v, none in zip(values, absent, strict=True)]
        return text_column(self.name, texts)


def text_column(name: str, texts: Sequence[str | None], fault: str | None = None) -> Column:
    """A column of categories; None is a missing value."""
    categories = tuple(sorted({text for text in texts if text is not None}))
    index: dict[str | None, int] = {text: number for number, text in enumerate(categories)}
    index[None] = -1
    codes = np.fromiter((index[text] for text in texts), np.intp, len(texts))
    return Column(name, codes, categories, fault)


def array_column(name: str, array: Array) -> Column:
    """A column from a one-dimensional array of numbers, bools, strings or Python objects."""
    if array.dtype.kind in "biuf":
        return Column(name, array.astype(np.float64) if array.dtype == np.float16 else array)
    if array.dtype.kind == "U":
        return text_column(name, [text or None for text in array.tolist()])
    if array.dtype.kind == "O":
        return _object_column(name, array.tolist())
    return unusable_column(name, len(array), str(array.dtype))


def unusable_column(name: str, rows: int, what: str) -> Column:
    """A column of values that are neither numbers nor text, such as dates."""
    fault = f"column {name!r} holds {what} values: turn them into numbers or text, or drop it"
    return Column(name, np.full(rows, np.nan), fault=fault)


def _object_column(name: str, objects: list[Any]) -> Column:
    absent = [one is None or (isinstance(one, float) and math.isnan(one)) for one in objects]
    there = [one for one, none in zip(objects, absent, strict=True) if not none]
    if there and all(isinstance(one, str) for one in there):
        texts = [None if none else one for one, none in zip(objects, absent, strict=True)]
        return text_column(name, texts)
    if not _all_are(Real, there):
        kinds = " and ".join(sorted({type(one).__name__ for one in there}))
        return unusable_column(name, len(objects), kinds)
    if len(there) < len(objects) or not _all_are(Integral, there):
        floats = [math.nan if none else one for one, none in zip(objects, absent, strict=True)]
        return Column(name, _floats(floats))
    numbers = np.array(objects)
    return Column(name, numbers if numbers.dtype.kind in "biu" else _floats(objects))


def _all_are(kind: type, values: Iterable[object]) -> bool:
    return all(isinstance(one, kind) for one in values)


def _floats(numbers: Sequence[Any]) -> Array:
    """As float64. A number that is too large becomes infinite, which is refused on use."""
    largest = int(np.finfo(np.float64).max)
    clipped = (
        math.copysign(math.inf, n) if isinstance(n, int) and abs(n) > largest else n
        for n in numbers
    )
    return np.array([float(one) for one in clipped], dtype=np.float64)
