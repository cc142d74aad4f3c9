"""Folds for cross-validation: at random, by group, or in order."""

from __future__ import annotations

import numpy as np

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.data.table import Table
from regkit.errors import DataError, InputError


def fold(
    table: Table,
    number: int,
    of: int,
    seed: int,
    *,
    stratify: bool = False,
    group: str | None = None,
    in_order: bool = False,
) -> tuple[Table, Table]:
    """Hold out one of several folds; together the folds hold every row once.

    Args:
        table: all rows.
        number: of the fold, from 0.
        of: the number of folds, from 2 to the number of rows.
        seed: the random seed of the assignment, an integer from 0 to 2³² − 1.
        stratify: whether each fold gets the same number of rows of each distinct target value, to
            within one row.
        group: the column whose equal values stay in one fold; folds are then filled with the
            largest groups first, each into the fold with the fewest rows.
        in_order: whether folds are blocks of consecutive rows.

    Returns:
        The other folds' rows and this fold's, each in the table's order.

    Raises:
        InputError: `of` is out of range.
        DataError: there are fewer groups than folds, or the group is missing in a row.
    """
    of = integer("folds", of, least=2)
    if of > len(table):
        raise InputError(
            f"{of} folds need at least {of} rows, and {table.source} has {len(table)} to train on: "
            "lower --folds"
        )
    if group is not None:
        assigned = _by_group(table, of, seed, group)
    elif in_order:
        assigned = np.arange(len(table)) * of // len(table)
    else:
        order = np.random.default_rng(checked_seed(seed)).permutation(len(table))
        if stratify:
            values = np.unique(table.target_column().values, return_inverse=True)[1]
            order = order[np.argsort(values[order], kind="stable")]
        assigned = np.empty(len(table), dtype=int)
        assigned[order] = np.arange(len(table)) % of
    return (
        table.take(np.flatnonzero(assigned != number)),
        table.take(np.flatnonzero(assigned == number)),
    )


def _by_group(table: Table, of: int, seed: int, group: str) -> Array:
    column = table.as_text(group)
    if column.missing.any():
        row = int(np.argmax(column.missing)) + 1
        raise DataError(f"{table.source}: the group {group!r} is missing in row {row}: fill it in")
    members, sizes = np.unique(column.values, return_inverse=True, return_counts=True)[1:]
    if len(sizes) < of:
        raise DataError(
            f"{table.source}: {of} folds need at least {of} groups, and {group!r} has "
            f"{len(sizes)}: lower --folds"
        )
    order = np.random.default_rng(checked_seed(seed)).permutation(len(sizes))
    filled = [0] * of
    fold_of = np.empty(len(sizes), dtype=int)
    for one in order[np.argsort(-sizes[order], kind="stable")]:
        fold_of[one] = filled.index(min(filled))
        filled[fold_of[one]] += int(sizes[one])
    found: Array = fold_of[members]
    return found
