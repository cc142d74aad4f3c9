"""Rows that nothing but a study's own measurement may see: a share of them, or a fold."""

from __future__ import annotations

from dataclasses import dataclass

SYNTHETIC_ROWS = 3000
"""Unseen rows of a synthetic data set, all classes together."""

TEST_SHARE = 0.2
"""The share of a table's rows that is held out for the comparison of arms."""


@dataclass(frozen=True)
class Fold:
    """One of several folds of the training rows.

    Held out alone it is measured on, and the training rows are what the settings' split leaves.

    Attributes:
        number: of this fold, from 0.
        of: the number of folds, at least 2.
        seed: the random seed of the assignment, the same for all folds.
    """

    number: int
    of: int
    seed: int


@dataclass(frozen=True)
class Share:
    """A share of the rows of a table, or a fresh draw of a synthetic set.

    The rows of a table are held out before the validation rows are, by the split seed and in the
    way in which the settings choose validation rows: at random, by group, or the last ones.

    Attributes:
        share: above 0 and below 1; synthetic sets have `SYNTHETIC_ROWS` instead.
        fold: of the rows that are left, to validate on in place of those that the settings choose.
    """

    share: float = TEST_SHARE
    fold: Fold | None = None


Unseen = Share | Fold
