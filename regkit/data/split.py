"""The train/validation split of a table."""

from __future__ import annotations

import numpy as np

from regkit.arguments import number
from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.data.table import Table
from regkit.errors import DataError


def split(table: Table, fraction: float, seed: int, *, stratify: bool) -> tuple[Table, Table]:
    """Divide the rows at random into a training subset and a validation subset.

    The rows keep their order within each subset.

    Args:
        table: all rows.
        fraction: the fraction of the rows to hold out for validation, above 0 and below 1.
        seed: the random seed, an integer from 0 to 2³² − 1.
        stratify: whether to hold out this fraction of the rows of each distinct target value, to
            within one row; at least one row of each value stays in the training subset.

    Raises:
        InputError: `fraction` or `seed` is out of range.
        DataError: no row would be held out.
    """
    fraction = number("the validation fraction", fraction, above=0, below=1)
    order = np.random.default_rng(checked_seed(seed)).permutation(len(table))
    groups = _by_value(table.target_column().values, order) if stratify else [order]
    sizes = _shares([len(group) for group in groups], fraction)
    held_out = np.zeros(len(table), dtype=bool)
    for group, size in zip(groups, sizes, strict=True):
        held_out[group[:size]] = True
    if not held_out.any():
        raise DataError(
            f"{table.source}: {fraction:g} of its {len(table)} rows leaves none to validate on: "
            "hold out a larger fraction with --val, or no rows with --val 0"
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
