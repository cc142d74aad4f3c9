"""Read a table from a file, an array or a data frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from regkit.data.bundled import PREFIX, bundled_columns
from regkit.data.bundled import TARGET as BUNDLED_TARGET
from regkit.data.column import Column, array_column, matrix_columns
from regkit.data.dialect import Dialect
from regkit.data.endings import DELIMITED, NPZ, ending_of
from regkit.data.table import Table, require_different
from regkit.errors import DataError

_DEFAULT = Dialect()


def read_table(
    source: Any,
    y: Any = None,
    *,
    target: str | None = None,
    drop: Iterable[str] = (),
    categorical: Iterable[str] = (),
    dialect: Dialect = _DEFAULT,
) -> Table:
    """Read a table.

    Args:
        source: the path of a CSV file (separated by commas, semicolons or tabs; `.csv`, `.tsv`,
            `.txt`, `.data`), a Parquet file or an NPZ file, compressed with gzip or not;
            `sklearn:NAME`; an array of shape (rows, columns), whose columns get the names x1, x2,
            …; or a pandas or polars frame.
        y: the target, (rows,), added as a column named y.
        target: the name of the column to predict. The default is `y` where it is given, `target`
            for `sklearn:NAME`, and the array `y` of an NPZ file; otherwise there is none.
        drop: columns to leave out.
        categorical: columns whose numbers stand for categories.
        dialect: how a CSV file is written; see `Dialect`. Without a header the names are column_1,
            column_2, …

    Raises:
        DataError: the source cannot be read, or there is no such column.
    """
    name = str(source) if isinstance(source, str | Path) else "the table"
    unwanted, categories = list(drop), list(categorical)
    if target is not None and target in unwanted:
        raise DataError(f"{name}: {target!r} is both the target and a column to drop")
    columns, known_target = _read(source, dialect, {target, *unwanted, *categories})
    if y is not None:
        columns.append(_target_column(y))
        known_target = columns[-1].name
    table = Table(name, _by_name(name, columns), target or known_target).without(unwanted)
    texts = {one: table.as_text(one) for one in categories}
    table = Table(name, {**table.columns, **texts}, table.target)
    if table.target is not None:
        table.target_column()
    return table


def is_delimited(source: object) -> bool:
    """Whether it is the path of a text table, which a `Dialect` applies to."""
    if not isinstance(source, str | Path) or str(source).startswith(PREFIX):
        return False
    return ending_of(Path(source)) in DELIMITED


def is_npz(source: object) -> bool:
    """Whether it is the path of an NPZ file, whose matrices have no names for their columns."""
    return isinstance(source, str | Path) and ending_of(Path(source)) == NPZ


def _read(
    source: Any, dialect: Dialect, wanted: Collection[str | None]
) -> tuple[list[Column], str | None]:
    """The columns, and the target where the source itself tells it."""
    if isinstance(source, str) and source.startswith(PREFIX):
        return bundled_columns(source.removeprefix(PREFIX)), BUNDLED_TARGET
    # Files and frames are imported here: the patterns of numbers and dates are slow to compile.
    if isinstance(source, str | Path):
        from regkit.data.file_columns import file_columns

        return file_columns(Path(source), dialect, wanted)
    if isinstance(source, np.ndarray | list | tuple):
        matrix = _array(source, "a table's rows must have one length")
        if matrix.ndim != 2:
            raise DataError(f"a table must have shape (rows, columns), got {matrix.shape}")
        return matrix_columns("x", matrix), None
    from regkit.data.frames import frame_columns

    return frame_columns(source), None


def _array(values: Any, requirement: str) -> np.ndarray:
    """The values as an array. Numbers beside text stay numbers, where NumPy makes them text."""
    try:
        array = np.asarray(values)
        if array.dtype.kind in "US" and isinstance(values, list | tuple):
            array = np.asarray(values, dtype=object)
    except (ValueError, TypeError) as error:  # NumPy's word for rows of different lengths.
        raise DataError(f"{requirement}: {error}") from error
    return array


def _target_column(y: Any) -> Column:
    array = _array(y, "y must be a number or a label for each row")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise DataError(f"y must have shape (rows,) or (rows, 1), got {array.shape}")
    return array_column("y", array)


def _by_name(source: str, columns: list[Column]) -> dict[str, Column]:
    require_different(source, [one.name for one in columns])
    if len({len(one.values) for one in columns}) > 1:
        lengths = ", ".join(f"{one.name!r} {len(one.values)}" for one in columns)
        raise DataError(f"{source}: columns differ in length: {lengths}")
    if not columns or not len(columns[0].values):
        raise DataError(f"{source} holds no rows")
    return {one.name: one for one in columns}
