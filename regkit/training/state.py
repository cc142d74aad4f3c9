"""What a training needs to go on between two epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TrainingState:
    """What carries over between epochs besides parameters and moments.

    `iterations` counts the optimizer's steps; the generators' states are NumPy's dictionaries;
    `early_stopping` is that of `EarlyStopping`, or None if validation is not watched.
    """

    epoch: int
    iterations: int
    shuffling: dict[str, Any]
    dropout: dict[str, Any]
    early_stopping: dict[str, Any] | None = None
