"""Columns without names of their own, taken by their position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from regkit.data.table import Table, listed
from regkit.errors import DataError

UNNAMED = "column_"
"""The beginning of the names that columns of a file without a header get."""

_UNNAMED = re.compile(rf"{UNNAMED}\d+")


def by_position(table: Table, names: Sequence[str]) -> Table:
    """The table with these names for its columns, in order.

    Raises:
        DataError: it has more or fewer columns.
    """
    if len(table.columns) != len(names):
        raise DataError(
            f"{table.source} has {len(table.columns)} columns, but the model takes {len(names)}, "
            f"in this order: {listed(names)}"
        )
    named = zip(names, table.columns.values(), strict=True)
    return replace(table, columns={name: replace(one, name=name) for name, one in named})


def are_unnamed(names: Sequence[str]) -> bool:
    """Whether all names are those of columns of a file without a header."""
    return all(map(_UNNAMED.fullmatch, names))


def with_known_columns(table: Table, names: Sequence[str], target: str) -> Table:
    """A table whose columns have no names, with those of training.

    It has the inputs alone, in their order, or all columns of the training table.

    Raises:
        DataError: it has any other number of columns.
    """
    if len(table.columns) == len(names) and target in table.columns:
        return by_position(table, names)
    if len(table.columns) > len(names) + 1:
        raise DataError(
            f"{table.source} has {len(table.columns)} columns, but the model takes {len(names)}, "
            f"or {len(names) + 1} with the target: {listed(names)}"
        )
    return table
