"""The train/validation split of a table: at random, by group, or in order."""

from __future__ import annotations

import numpy as np

from regkit.arguments import number
from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.data.table import Table
from regkit.errors import DataError

FLAG = "--val"
"""What sets the fraction of a validation subset."""


def split(
    table: Table, fraction: float, seed: int, *, stratify: bool, flag: str = FLAG
) -> tuple[Table, Table]:
    """Divide the rows at random into a training subset and a validation subset.

    The rows keep their order within each subset.

    Args:
        table: all rows.
        fraction: the fraction of the rows to hold out for validation, above 0 and below 1.
        seed: the random seed, an integer from 0 to 2³² − 1.
        stratify: whether to hold out this fraction of the rows of each distinct target value, to
            within one row; at least one row of each value stays in the training subset.
        flag: what sets the fraction, for messages.

    Raises:
        InputError: `fraction` or `seed` is out of range.
        DataError: no row would be held out.
    """
    fraction = _checked(fraction, flag)
    order = np.random.default_rng(checked_seed(seed)).permutation(len(table))
    groups = _by_value(table.target_column().values, order) if stratify else [order]
    sizes = _shares([len(group) for group in groups], fraction)
    held_out = np.zeros(len(table), dtype=bool)
    for group, size in zip(groups, sizes, strict=True):
        held_out[group[:size]] = True
    return _parts(table, held_out, fraction, flag)


def split_by_group(
    table: Table, fraction: float, seed: int, group: str, *, flag: str = FLAG
) -> tuple[Table, Table]:
    """Hold out whole groups of rows, so that no group has rows in both subsets.

    Groups are taken in random order, each if it brings the number of held-out rows closer to the
    fraction.

    Args:
        table: all rows.
        fraction: the fraction of the rows to hold out, above 0 and below 1.
        seed: the random seed.
        group: the column whose equal values form a group.
        flag: what sets the fraction, for messages.

    Raises:
        InputError: `fraction` or `seed` is out of range.
        DataError: there is no such column, it is the target, has missing values or only one group,
            or no group would be held out.
    """
    fraction, column = _checked(fraction, flag), table.as_text(group)
    if group == table.target:
        raise DataError(f"{table.source}: --group names the target {group!r}: name another column")
    if column.missing.any():
        row = int(np.argmax(column.missing)) + 1
        raise DataError(f"{table.source}: the group {group!r} is missing in row {row}: fill it in")
    sizes = np.bincount(column.values, minlength=len(column.labels))
    if len(sizes) < 2:
        raise DataError(
            f"{table.source}: {group!r} holds one group only: there is nothing to split"
        )
    wanted, taken = fraction * len(table), 0
    chosen: list[int] = []
    for one in np.random.default_rng(checked_seed(seed)).permutation(len(sizes)):
        closer = abs(taken + sizes[one] - wanted) < abs(taken - wanted)
        if closer and len(chosen) < len(sizes) - 1:
            chosen.append(one)
            taken += sizes[one]
    return _parts(table, np.isin(column.values, chosen), fraction, flag)


def split_last(table: Table, fraction: float, *, flag: str = FLAG) -> tuple[Table, Table]:
    """Hold out the last rows, such as the latest ones.

    Args:
        table: all rows, in order.
        fraction: the fraction of the rows to hold out, above 0 and below 1.
        flag: what sets the fraction, for messages.

    Raises:
        InputError: `fraction` is out of range.
        DataError: no row would be held out, or none left to train on.
    """
    fraction = _checked(fraction, flag)
    first = len(table) - round(len(table) * fraction)
    return _parts(table, np.arange(len(table)) >= first, fraction, flag)


def _checked(fraction: float, flag: str) -> float:
    what = "the validation fraction" if flag == FLAG else flag
    return number(what, fraction, above=0, below=1)


def _parts(table: Table, held_out: Array, fraction: float, flag: str) -> tuple[Table, Table]:
    if not held_out.any() or held_out.all():
        purpose = "validate" if flag == FLAG else "test"
        lacking = purpose if not held_out.any() else "train"
        none = ", or --val 0 for no validation" if flag == FLAG else ""
        raise DataError(
            f"{table.source}: {fraction:g} of its {len(table)} rows leaves none to {lacking} on: "
            f"choose another fraction with {flag}{none}"
        )
    return table.take(np.flatnonzero(~held_out)), table.take(np.flatnonzero(held_out))


def _by_value(values: Array, order: Array) -> list[Array]:
    _, number_of = np.unique(values, return_inverse=True)
    by_value = order[np.argsort(number_of[order], kind="stable")]
    return np.split(by_value, np.cumsum(np.bincount(number_of))[:-1])


def _shares(counts: list[int], fraction: float) -> list[int]:
    """`fraction` of each count as integers, whose sum is rounded by the largest remainder method.

    Each share is below its count.
    """
    exact = np.array(counts) * fraction
    shares = np.floor(exact).astype(int)
    lacking = round(sum(counts) * fraction) - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:lacking]] += 1
    return [min(int(share), count - 1) for share, count in zip(shares, counts, strict=True)]
