"""Columns without names of their own, taken by their position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from regkit.data.table import Table, listed
from regkit.errors import DataError

_UNNAMED = re.compile(r"column_\d+")
"""The names that columns of a file without a header get."""


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


def with_known_columns(table: Table, names: Sequence[str], others: Sequence[str]) -> Table:
    """A table whose columns have no names, with those of training.

    Args:
        table: it has the inputs alone, in their order; or the target besides, or all columns of the
            training table.
        names: the inputs.
        others: the target, and then what else the training table had that is no input.

    Raises:
        DataError: it has any other number of columns.
    """
    target = others[0]
    # A number is no name: without the target its column is another one's.
    has_target = target in table.columns and not are_unnamed([target])
    if len(table.columns) == len(names) and not has_target:
        return by_position(table, names)
    if {*names, *others} == table.columns.keys():
        return table
    inputs = {name: one for name, one in table.columns.items() if name != target}
    if len(inputs) != len(names):
        besides = f" besides the target {target!r}" if has_target else ""
        count = len(inputs) if has_target else len(table.columns)
        raise DataError(
            f"{table.source} has {count} column{'s' if count != 1 else ''}{besides}, but the model "
            f"takes {len(names)}: {listed(names)}"
        )
    known = by_position(replace(table, columns=inputs), names).columns
    rest = {name: one for name, one in table.columns.items() if name == target}
    return replace(table, columns={**known, **rest})
