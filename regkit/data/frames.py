"""Columns from data frames of any library that narwhals supports, such as pandas and polars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from regkit.data.column import Column, array_column, text_column, unusable_column
from regkit.data.optional_modules import optional_module
from regkit.errors import DataError


def frame_columns(frame: Any, faults: Mapping[str, str] | None = None) -> list[Column]:
    """The columns of a data frame.

    Args:
        frame: a pandas or polars frame, or another that narwhals supports.
        faults: known faults of columns, by column name; see `Column.fault`.

    Raises:
        DataError: `frame` is not such a frame, or narwhals is not installed.
    """
    narwhals = optional_module("narwhals.stable.v2", "a data frame")
    try:
        wrapped = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        raise DataError(
            f"a table must be a path, an array or a data frame, got {type(frame).__name__}"
        ) from None
    given = faults or {}
    return [_column(narwhals, series, given.get(series.name)) for series in wrapped.iter_columns()]


def _column(narwhals: Any, series: Any, fault: str | None) -> Column:
    name, dtype = str(series.name), series.dtype
    if dtype in (narwhals.String, narwhals.Categorical, narwhals.Enum):
        absent = series.is_null().to_list()
        texts = zip(series.to_list(), absent, strict=True)
        return text_column(name, [None if none else str(text) for text, none in texts], fault)
    if dtype == narwhals.Object:
        return array_column(name, np.array(series.to_list(), dtype=object))
    if dtype == narwhals.Unknown and series.null_count() == len(series):
        return Column(name, np.full(len(series), np.nan))
    if dtype != narwhals.Boolean and not dtype.is_numeric():
        return unusable_column(name, len(series), str(dtype))
    if series.null_count() or dtype.is_float() or dtype.is_decimal():
        series = series.cast(narwhals.Float64)
        missing = series.is_null().to_numpy()
        numbers = np.array(series.fill_null(0.0).to_numpy(), dtype=np.float64)
        numbers[missing] = np.nan
        return Column(name, numbers)
    return array_column(name, series.to_numpy())
