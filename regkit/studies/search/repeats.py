"""The repeats of a sweep's trials, the same for each, so that their differences are paired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regkit.runs.unseen import Fold, Share

FIRST = 2
"""So many repeats come before the first pruning: one shows no spread."""


@dataclass(frozen=True)
class Repeat:
    """One training of each trial.

    Attributes:
        seed: of weights and order.
        split_seed: of data, split and folds.
        fold: the number of the fold that is validated on; None for the rows that the settings
            choose.
        folds: their number; 0 without folds.
    """

    seed: int
    split_seed: int
    fold: int | None = None
    folds: int = 0

    @property
    def name(self) -> str:
        """Such as `seed 0` or `seed 0, fold 2`."""
        return f"seed {self.seed}" if self.fold is None else f"seed {self.seed}, fold {self.fold}"

    def unseen(self, test_share: float) -> Share:
        """The rows that are held out: those of the measurement, and the fold."""
        if self.fold is None:
            return Share(test_share)
        return Share(test_share, Fold(self.fold, self.folds, self.split_seed))

    def as_dict(self) -> dict[str, int]:
        """What a row tells of it."""
        return {"seed": self.seed, **({} if self.fold is None else {"fold": self.fold})}


def repeats_of(seeds: Sequence[int], folds: int | None) -> list[Repeat]:
    """Each seed with a split of its own; or each fold of the first seed's split, with each seed.

    Folds vary first: a few repeats then cover as many rows as they can.
    """
    if folds is None:
        return [Repeat(seed, seed) for seed in seeds]
    return [Repeat(seed, seeds[0], fold, folds) for seed in seeds for fold in range(folds)]


def rungs(repeats: int, *, prune: bool) -> list[int]:
    """How many repeats a trial has had before each pruning, and at its end: 2, 4, 8, … and all."""
    found = [repeats]
    if prune:
        rung = FIRST
        while rung < repeats:
            found.insert(-1, rung)
            rung *= 2
    return found
