"""A saved model on the rows of its run, each read and measured once for the whole page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.runs.evaluation import DetailedEvaluation
from regkit.runs.saved import SavedRun


@dataclass(frozen=True)
class MeasuredRun:
    """What the data of a run say about its model.

    Attributes:
        saved: the run.
        training: X of the training rows; None where the data cannot be read again.
        held_out: the model on validation and test rows; empty where there are none, or where they
            cannot be read again.
        rows: the number of training and held-out rows, likewise.
    """

    saved: SavedRun
    training: Array | None
    held_out: Mapping[str, DetailedEvaluation]
    rows: Mapping[str, int]

    @classmethod
    def of(cls, saved: SavedRun) -> Self:
        """Read the data, and measure the model on the rows that were held out."""
        try:
            data = saved.data()
        except InputError:
            return cls(saved, None, {}, {})
        X, _ = data.training
        return cls(
            saved,
            X,
            {part: saved.evaluate_prepared(*pair) for part, pair in data.held_out.items()},
            {"training": len(X), **{part: len(y) for part, (_, y) in data.held_out.items()}},
        )
