"""Columns from data frames of any library that narwhals supports, such as pandas and polars."""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.data.column import (
    Column,
    array_column,
    integer_column,
    object_column,
    text_column,
    unusable_column,
)
from regkit.data.optional_modules import optional_module
from regkit.data.spelling import spelled
from regkit.data.text_types import date_fault
from regkit.errors import DataError

_EXACT = 2**53
"""Up to this, all integers are exact as float64."""


def frame_columns(frame: Any) -> list[Column]:
    """The columns of a data frame; its index, if it has one, is none of them.

    Args:
        frame: a pandas or polars frame, or another that narwhals supports.

    Raises:
        DataError: `frame` is not such a frame, two columns have one name, or narwhals is not
            installed.
    """
    narwhals = optional_module("narwhals.stable.v2", "a data frame")
    try:
        wrapped = narwhals.from_native(frame, eager_only=True)
        return [_column(narwhals, series) for series in wrapped.iter_columns()]
    except TypeError:
        raise DataError(
            f"a table must be a path, an array or a data frame, got {type(frame).__name__}"
        ) from None
    except narwhals.exceptions.DuplicateError as error:
        raise DataError(f"the table's column names must differ: {error}") from error


def _column(narwhals: Any, series: Any) -> Column:
    name, dtype = str(series.name), series.dtype
    if dtype in (narwhals.String, narwhals.Categorical, narwhals.Enum):
        absent = series.is_null().to_list()
        pairs = zip(series.to_list(), absent, strict=True)
        texts = [None if none else spelled(text) for text, none in pairs]
        return text_column(name, texts, date_fault(name, texts))
    if dtype == narwhals.Object:
        return object_column(name, series.to_list(), series.is_null().to_list())
    if dtype == narwhals.Unknown and series.null_count() == len(series):
        return Column(name, np.full(len(series), np.nan))
    if dtype == narwhals.Boolean:
        return object_column(name, series.to_list(), series.is_null().to_list())
    if not dtype.is_numeric():
        return unusable_column(name, len(series), str(dtype))
    if dtype.is_integer() and _needs_exact(series):
        absent = series.is_null().to_list()
        pairs = zip(series.to_list(), absent, strict=True)
        return integer_column(name, [None if none else int(one) for one, none in pairs])
    if series.null_count() or dtype.is_float() or dtype.is_decimal():
        float_type = narwhals.Float32 if dtype == narwhals.Float32 else narwhals.Float64
        series = series.cast(float_type)
        missing = series.is_null().to_numpy()
        numbers = np.array(series.fill_null(0.0).to_numpy())
        numbers[missing] = np.nan
        return Column(name, numbers)
    return array_column(name, series.to_numpy())


def _needs_exact(series: Any) -> bool:
    """Whether some integer is too large to be exact as a float."""
    there = series.drop_nulls()
    return len(there) > 0 and max(abs(int(there.min())), abs(int(there.max()))) > _EXACT
