"""Read a table from a file, an array or a data frame."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from regkit.data.bundled import PREFIX, TARGET, bundled_columns
from regkit.data.column import Column, array_column
from regkit.data.delimited import delimited_columns
from regkit.data.dialect import Dialect
from regkit.data.files import content
from regkit.data.frames import frame_columns
from regkit.data.npz import matrix_columns, npz_columns
from regkit.data.parquet import parquet_columns
from regkit.data.table import Table, require_different
from regkit.errors import DataError

DELIMITED = (".csv", ".tsv", ".txt", ".data")
SUFFIXES = (*DELIMITED, ".parquet", ".npz")


def read_table(
    source: Any,
    y: Any = None,
    *,
    target: str | None = None,
    drop: Iterable[str] = (),
    categorical: Iterable[str] = (),
    dialect: Dialect | None = None,
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
    columns, known_target = _read(source, dialect or Dialect())
    if y is not None:
        columns.append(array_column("y", np.asarray(y).reshape(-1)))
        known_target = "y"
    table = Table(name, _by_name(name, columns), target or known_target).without(drop)
    if table.target is not None:
        table.target_column()
    texts = {one: table.as_text(one) for one in categorical}
    return Table(name, {**table.columns, **texts}, table.target)


def _read(source: Any, dialect: Dialect) -> tuple[list[Column], str | None]:
    if isinstance(source, str) and source.startswith(PREFIX):
        return bundled_columns(source.removeprefix(PREFIX)), TARGET
    if isinstance(source, str | Path):
        return _read_file(Path(source), dialect)
    if isinstance(source, np.ndarray | list | tuple):
        try:
            matrix = np.asarray(source)
        except ValueError as error:  # NumPy's word for rows of different lengths.
            raise DataError(f"a table's rows must have one length: {error}") from error
        if matrix.ndim != 2:
            raise DataError(f"a table must have shape (rows, columns), got {matrix.shape}")
        return matrix_columns("x", matrix), None
    return frame_columns(source), None


def _read_file(path: Path, dialect: Dialect) -> tuple[list[Column], str | None]:
    suffix = Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix
    read = content(path)
    if suffix.lower() in DELIMITED:
        return delimited_columns(str(path), read, dialect.header), None
    if suffix.lower() == ".parquet":
        return parquet_columns(str(path), read), None
    if suffix.lower() == ".npz":
        columns = npz_columns(str(path), read)
        return columns, "y" if any(one.name == "y" for one in columns) else None
    raise DataError(
        f"{path}: {suffix or 'a name without an ending'!r} does not say what kind of file this "
        f"is: it must be one of {', '.join(SUFFIXES)}"
    )


def _by_name(source: str, columns: list[Column]) -> dict[str, Column]:
    require_different(source, [one.name for one in columns])
    if len({len(one.values) for one in columns}) > 1:
        lengths = ", ".join(f"{one.name!r} {len(one.values)}" for one in columns)
        raise DataError(f"{source}: columns differ in length: {lengths}")
    if not columns or not len(columns[0].values):
        raise DataError(f"{source} holds no rows")
    return {one.name: one for one in columns}
