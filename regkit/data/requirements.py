"""What a table must satisfy before a network can be trained on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regkit.data.column import Column
from regkit.data.table import Table, listed
from regkit.errors import DataError


def require_usable_inputs(table: Table, *, filled: bool) -> None:
    """Check all columns except the target.

    Messages count the rows of `table` from 1: give the whole table rather than a subset, so that
    they match the rows of the file.

    Args:
        table: with a target.
        filled: whether missing values will be filled in.

    Raises:
        DataError: there is no such column, a column cannot be used or has no value at all, a value
            is infinite, or a value is missing and will not be filled in.
    """
    columns = [table.column(name) for name in table.input_names()]
    if not columns:
        raise DataError(f"{table.source}: there is no column besides the target to learn from")
    empty = [one.name for one in columns if one.missing.all()]
    if empty:
        raise DataError(f"{table.source}: no row has a value in {listed(empty)}: use --drop")
    if not filled:
        require_values(table.source, columns)
    require_finite(table.source, columns)


def require_values(source: str, columns: Sequence[Column]) -> None:
    """Check that no value is missing.

    Raises:
        DataError: some are missing; the message gives the columns, how many in each, and the first
            row.
    """
    lacking = [one for one in columns if one.missing.any()]
    if not lacking:
        return
    counts = [f"{one.name!r} ({np.count_nonzero(one.missing)})" for one in lacking[:8]]
    more = f" and {len(lacking) - 8} more columns" if len(lacking) > 8 else ""
    row = min(int(np.argmax(one.missing)) for one in lacking) + 1
    raise DataError(
        f"{source}: values are missing in {', '.join(counts)}{more}, first in row {row}: train "
        "with --impute mean, median or most_frequent, or with --drop for the columns"
    )


def require_target(source: str, target: Column) -> None:
    """Check that the target has a finite value in every row.

    Raises:
        DataError: a value is missing or infinite.
    """
    missing = np.flatnonzero(target.missing)
    if missing.size:
        raise DataError(
            f"{source}: target {target.name!r} is missing in {missing.size} of "
            f"{len(target.missing)} rows (first in row {missing[0] + 1}): remove them, since a "
            "target is never filled in"
        )
    require_finite(source, [target])


def require_finite(source: str, columns: Sequence[Column]) -> None:
    """Check that no number is infinite.

    Raises:
        DataError: one is; the message names its column and row.
    """
    for one in columns:
        if one.categories is None and np.isinf(one.values).any():
            row = int(np.argmax(np.isinf(one.values)))
            raise DataError(
                f"{source}: column {one.name!r} is infinite, or too large to be a number, in row "
                f"{row + 1}: correct the file, or --drop the column"
            )
