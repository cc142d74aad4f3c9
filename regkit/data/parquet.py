"""Columns from Parquet files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection
from typing import Any

from regkit.data.column import Column
from regkit.data.frames import frame_columns
from regkit.data.optional_modules import optional_module
from regkit.data.table import listed
from regkit.errors import DataError
from regkit.warn import warn

_UNNAMED_INDEX = re.compile(r"__index_level_\d+__")


def parquet_columns(
    source: str, content: bytes, wanted: Collection[str | None] = ()
) -> list[Column]:
    """The columns of a Parquet file, without the index of a pandas frame.

    Args:
        source: the file's name, for messages.
        content: the file's bytes.
        wanted: columns that are kept even if they are an index.

    Raises:
        DataError: the content is not Parquet, or polars is not installed.
    """
    polars = optional_module("polars", source)
    try:
        frame = polars.read_parquet(io.BytesIO(content), use_pyarrow=False)
        metadata = polars.read_parquet_metadata(io.BytesIO(content))
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(f"{source} cannot be read as Parquet: {reason}") from error
    named = _pandas_index(metadata.get("pandas"))
    index = [
        name
        for name in frame.columns
        if (name in named or _UNNAMED_INDEX.fullmatch(name)) and name not in wanted
    ]
    if index:
        warn(
            f"{source}: the index that pandas saved is left out: {listed(index)}; reset_index() "
            "before saving makes it a column"
        )
    return frame_columns(frame.drop(index))


def _pandas_index(metadata: str | None) -> set[str]:
    """The columns that pandas' metadata in a Parquet file name as the frame's index."""
    try:
        found: Any = json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        return set()
    columns = found.get("index_columns") if isinstance(found, dict) else None
    # An index of consecutive numbers is described by a dict, and is no column.
    return {one for one in columns or () if isinstance(one, str)}
