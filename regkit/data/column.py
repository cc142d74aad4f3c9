"""A column of a table: numbers or categories."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.data.spelling import python_numbers, spelled
from regkit.errors import DataError

_LARGEST = int(np.finfo(np.float64).max)


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
        boolean: whether the numbers are truth values; they are floats where one is missing.
        declared: whether the caller declared that its values are categories.
        decimal: the decimal separator that its numbers were written with, where they show it.
    """

    name: str
    values: Array
    categories: tuple[str, ...] | None = None
    fault: str | None = None
    boolean: bool = False
    declared: bool = False
    decimal: str | None = None

    def __post_init__(self) -> None:
        if self.values.dtype == bool:
            object.__setattr__(self, "boolean", True)

    @property
    def missing(self) -> Array:
        """Whether each value is missing, (rows,)."""
        return np.isnan(self.values) if self.categories is None else np.equal(self.values, -1)

    @property
    def labels(self) -> list[Any]:
        """The distinct values without missing ones, sorted, as texts or Python numbers.

        Whole numbers are integers and truth values bools, however the column stores them.
        """
        distinct = _distinct(self.values[~self.missing])
        if self.categories is not None:
            return [self.categories[i] for i in distinct.tolist()]
        if self.boolean:
            return [bool(one) for one in distinct]
        numbers = python_numbers(distinct)
        if all(isinstance(one, float) and one.is_integer() for one in numbers):
            return [int(one) for one in numbers]
        return numbers

    def take(self, rows: Array) -> Column:
        """These rows of the column."""
        return replace(self, values=self.values[rows])

    def as_text(self) -> Column:
        """The column as categories; numbers are spelled the same however they are stored.

        Raises:
            DataError: its values are neither numbers nor text.
        """
        if self.categories is not None:
            return replace(self, fault=None, declared=True)
        if self.fault is not None:
            raise DataError(self.fault)
        there = ~self.missing
        distinct, positions = np.unique(self.values[there], return_inverse=True)
        texts = np.full(len(self.values), None, dtype=object)
        if distinct.size:
            known = distinct.astype(bool) if self.boolean else distinct
            texts[there] = np.array([spelled(one) for one in python_numbers(known)], object)[
                positions
            ]
        return replace(text_column(self.name, texts.tolist()), declared=True)


def text_column(name: str, texts: Sequence[str | None], fault: str | None = None) -> Column:
    """A column of categories; None and an empty text are missing values."""
    categories = tuple(sorted({text for text in texts if text}))
    index: dict[str | None, int] = {text: number for number, text in enumerate(categories)}
    index[None] = index[""] = -1
    codes = np.fromiter((index[text] for text in texts), np.intp, len(texts))
    return Column(name, codes, categories, fault)


def integer_column(name: str, integers: Sequence[int | None]) -> Column:
    """A column of integers; None is a missing value.

    Integers are exact: where some would become equal as floats, which a missing value or their size
    asks for, the column gets a fault.
    """
    if None not in integers:
        with suppress(OverflowError):
            numbers = np.array(integers)
            if numbers.dtype.kind in "iu":
                return Column(name, numbers)
    floats = _floats([math.nan if one is None else one for one in integers])
    there = {one for one in integers if one is not None}
    inexact = next((n for n in there if abs(n) <= _LARGEST and int(float(n)) != n), None)
    if inexact is None:
        return Column(name, floats)
    return text_column(
        name,
        [None if one is None else str(one) for one in integers],
        f"column {name!r} holds integers too large to be exact, such as {inexact}: use "
        "--categorical or --drop",
    )


def array_column(name: str, array: Array) -> Column:
    """A column from a one-dimensional array of numbers, bools, text, bytes or Python objects.

    Raises:
        DataError: bytes are not UTF-8.
    """
    if array.dtype.kind in "biuf":
        return Column(name, array.astype(np.float64) if array.dtype == np.float16 else array)
    if array.dtype.kind == "U":
        return text_column(name, array.tolist())
    if array.dtype.kind == "S":
        try:
            return text_column(name, [one.decode() for one in array.tolist()])
        except UnicodeDecodeError as error:
            raise DataError(f"column {name!r} holds bytes that are not UTF-8: {error}") from error
    if array.dtype.kind == "O":
        objects = array.tolist()
        absent = [one is None or (isinstance(one, float) and math.isnan(one)) for one in objects]
        return object_column(name, objects, absent)
    return unusable_column(name, len(array), str(array.dtype))


def matrix_columns(name: str, matrix: np.ndarray) -> list[Column]:
    """The columns of a two-dimensional array, named `{name}1`, `{name}2` and so on."""
    return [array_column(f"{name}{number}", one) for number, one in enumerate(matrix.T, start=1)]


def unusable_column(name: str, rows: int, what: str) -> Column:
    """A column of values that are neither numbers nor text, such as dates."""
    fault = f"column {name!r} holds {what} values: turn them into numbers or text, or drop it"
    return Column(name, np.full(rows, np.nan), fault=fault)


def object_column(name: str, objects: Sequence[Any], absent: Sequence[bool]) -> Column:
    """A column from Python objects of one kind; `absent` says which are missing values."""
    pairs = list(zip(objects, absent, strict=True))
    there = [one for one, none in pairs if not none]
    if there and _all_are(str, there):
        return text_column(name, [None if none else one for one, none in pairs])
    if there and _all_are(bool | np.bool_, there):
        values = [math.nan if none else one for one, none in pairs]
        return Column(name, np.array(values, float if any(absent) else bool), boolean=True)
    if not _all_are(Real, there):
        kinds = " and ".join(sorted({type(one).__name__ for one in there}))
        return unusable_column(name, len(objects), kinds)
    if there and _all_are(Integral, there):
        return integer_column(name, [None if none else int(one) for one, none in pairs])
    return Column(name, _floats([math.nan if none else one for one, none in pairs]))


def _distinct(values: Array) -> Array:
    """The distinct values, sorted, without `numpy.unique`, which loads `numpy.ma` for them."""
    in_order = np.sort(values)
    is_first = np.ones(len(in_order), bool)
    is_first[1:] = in_order[1:] != in_order[:-1]
    found: Array = in_order[is_first]
    return found


def _all_are(kind: Any, values: Iterable[object]) -> bool:
    return all(isinstance(one, kind) for one in values)


def _floats(numbers: Sequence[Any]) -> Array:
    """As float64. A number that is too large becomes infinite, which is refused on use."""
    clipped = (
        (math.inf if n > 0 else -math.inf) if isinstance(n, int) and abs(n) > _LARGEST else n
        for n in numbers
    )
    return np.array([float(one) for one in clipped], dtype=np.float64)
