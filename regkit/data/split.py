"""A part of a table that is kept back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.arguments import number
from regkit.arguments import seed as checked_seed
from regkit.data.table import Table
from regkit.errors import DataError

Array = NDArray[Any]


def split(table: Table, fraction: float, seed: int, *, stratify: bool) -> tuple[Table, Table]:
    """Divide the rows by chance into a training part and a validation part.

    The rows keep their order within each part.

    Args:
        table: all rows.
        fraction: of the rows that go into the validation part, above 0 and below 1.
        seed: of the chance; ≥ 0.
        stratify: whether each value of the target gets its share of that part, to within a row; a
            value's last row stays in the training part.

    Raises:
        InputError: `fraction` or `seed` is out of range.
        DataError: one of the parts would be empty.
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
            "keep back a larger part with --val, or none with --val 0"
        )
    return table.take(np.flatnonzero(~held_out)), table.take(np.flatnonzero(held_out))


def _by_value(values: Array, order: Array) -> list[Array]:
    _, number_of = np.unique(values, return_inverse=True)
    by_value = order[np.argsort(number_of[order], kind="stable")]
    return np.split(by_value, np.cumsum(np.bincount(number_of))[:-1])


def _shares(counts: list[int], fraction: float) -> list[int]:
    """Whole shares of the counts that add up to the fraction of their sum, by largest remainders.

    No share takes all there is.
    """
    exact = np.array(counts) * fraction
    shares = np.floor(exact).astype(int)
    lacking = round(sum(counts) * fraction) - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:lacking]] += 1
    return [min(int(share), count - 1) for share, count in zip(shares, counts, strict=True)]
