"""Columns from Parquet files."""

from __future__ import annotations

import io

from regkit.data.column import Column
from regkit.data.frames import frame_columns
from regkit.data.optional_modules import optional_module
from regkit.errors import DataError


def parquet_columns(source: str, content: bytes) -> list[Column]:
    """The columns of a Parquet file.

    Raises:
        DataError: the content is not Parquet, or polars is not installed.
    """
    polars = optional_module("polars", source)
    try:
        frame = polars.read_parquet(io.BytesIO(content), use_pyarrow=False)
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(f"{source} cannot be read as Parquet: {reason}") from error
    return frame_columns(frame)
