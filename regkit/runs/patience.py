"""Early stopping: whether a loss has stopped improving."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass
class Patience:
    """Watches a loss: it must improve by more than `min_delta` within `patience` epochs.

    Without patience it only tracks the best. `best` is the lowest loss that counted as an
    improvement, `best_epoch` its epoch, `stop_epoch` the epoch at which patience ran out, or None.
    """

    patience: int | None
    min_delta: float = 0.0
    best: float = math.inf
    best_epoch: int = -1
    stop_epoch: int | None = None

    def see(self, epoch: int, loss: float) -> bool:
        """Record a loss; return whether it is the best so far."""
        improved = loss < self.best - self.min_delta
        if improved:
            self.best, self.best_epoch = loss, epoch
        elif (
            self.patience is not None
            and self.stop_epoch is None
            and epoch - self.best_epoch >= self.patience
        ):
            self.stop_epoch = epoch
        return improved
