"""Rows that are held out from a training, by which it is stopped."""

from __future__ import annotations

import numpy as np

from regkit.arguments import number
from regkit.array_types import Array
from regkit.errors import InputError
from regkit.sklearn.rows import Rows


def split(rows: Rows, fraction: object, seed: int, *, stratify: bool) -> tuple[Rows, Rows]:
    """The rows to train on, and those that are held out at random.

    The split is drawn among the distinct rows, of inputs and target, whatever their order and
    weights. So equal rows stay on one side, and a row that occurs twice is the same as a row of
    weight 2.

    Args:
        rows: all rows.
        fraction: of the distinct rows to hold out; above 0 and below 1.
        seed: the random seed.
        stratify: whether to hold out about this fraction of each class.

    Raises:
        InputError: the fraction is out of range, or there is no row to hold out, since one distinct
            row, or one of each class, stays in training.
    """
    share = number("validation_fraction", fraction, above=0, below=1)
    targets = rows.y.reshape(len(rows), -1)
    # NumPy sorts the distinct rows, so that their order says nothing of the given one.
    distinct, numbers = np.unique(np.hstack([rows.X, targets]), axis=0, return_inverse=True)
    strata = distinct[:, -1] if stratify else np.zeros(len(distinct))
    held_out = _chosen(strata, share, seed)[numbers.reshape(-1)]
    if not held_out.any():
        each = " of each class" if stratify else ""
        raise InputError(
            f"early_stopping has no row to hold out: one distinct row{each} stays in training, and "
            f"there is no other (n_samples = {len(rows)}); set early_stopping=False"
        )
    return rows.take(~held_out), rows.take(held_out)


def _chosen(strata: Array, share: float, seed: int) -> Array:
    """A mask of a random share of all, spread over the strata; one of each is never chosen."""
    order = np.random.default_rng(seed).permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    _, firsts = np.unique(strata[order], return_index=True)
    others = np.delete(order, firsts)
    count = min(max(round(share * len(strata)), 1), len(others))
    # Evenly spaced: the members of a stratum are neighbours.
    chosen = np.zeros(len(strata), dtype=bool)
    chosen[others[(2 * np.arange(count) + 1) * len(others) // (2 * max(count, 1))]] = True
    return chosen
