"""Columns from a file, by its ending."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from regkit.data.column import Column
from regkit.data.delimited import delimited_columns
from regkit.data.dialect import Dialect
from regkit.data.endings import DELIMITED, ENDINGS, NPZ, PARQUET, ending_of
from regkit.data.files import content
from regkit.data.npz import TARGET, npz_columns
from regkit.data.parquet import parquet_columns
from regkit.errors import DataError


def file_columns(
    path: Path, dialect: Dialect, wanted: Collection[str | None]
) -> tuple[list[Column], str | None]:
    """The columns of a file, and its target where the file itself tells it.

    Args:
        path: of a CSV, Parquet or NPZ file.
        dialect: how a CSV file is written.
        wanted: the names of columns that the caller asks for.

    Raises:
        DataError: the file cannot be read, or its ending is none of those known.
    """
    read, ending = content(path), ending_of(path)
    if ending in DELIMITED:
        return delimited_columns(str(path), read, dialect), None
    if ending == PARQUET:
        return parquet_columns(str(path), read, wanted), None
    if ending == NPZ:
        columns = npz_columns(str(path), read)
        return columns, TARGET if any(one.name == TARGET for one in columns) else None
    raise DataError(
        f"{path}: {ending or 'a name without an ending'!r} does not say what kind of file this "
        f"is: it must be one of {', '.join(ENDINGS)}"
    )
