"""Early stopping: the best parameters by validation data loss, and patience."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from regkit.array_types import Array


@dataclass
class Patience:
    """Watches a loss: it must improve by more than `min_delta` within `patience` epochs.

    Without patience it never runs out.

    Attributes:
        patience: epochs without an improvement after which it has run out; None for never.
        min_delta: an improvement must exceed it.
        reference: the loss of the last improvement.
        reference_epoch: its epoch.
        stop_epoch: the epoch at which patience ran out, or None.
    """

    patience: int | None
    min_delta: float = 0.0
    reference: float = math.inf
    reference_epoch: int = -1
    stop_epoch: int | None = None

    def see(self, epoch: int, loss: float) -> None:
        """Record the loss of an epoch."""
        if loss < self.reference - self.min_delta:
            self.reference, self.reference_epoch = loss, epoch
        elif (
            self.patience is not None
            and self.stop_epoch is None
            and epoch - self.reference_epoch >= self.patience
        ):
            self.stop_epoch = epoch


@dataclass
class Best:
    """The lowest loss seen, its epoch, and a copy of the parameters at that epoch.

    Attributes:
        loss: the lowest so far.
        epoch: the number of epochs trained until then; −1 if none was seen.
        parameters: the flat parameters of that epoch; None if none was seen, or, after a resume,
            until a lower loss is seen.
    """

    loss: float = math.inf
    epoch: int = -1
    parameters: Array | None = None

    def see(self, epoch: int, loss: float, parameters: Array) -> None:
        """Keep the parameters if the loss is the lowest so far; the first of equal ones counts."""
        if loss < self.loss:
            self.loss, self.epoch = loss, epoch
            if self.parameters is None:
                self.parameters = parameters.copy()
            else:
                self.parameters[...] = parameters


class EarlyStopping:
    """The best parameters and patience of one training, by the validation data loss of its epochs.

    `min_delta` concerns patience alone: the best parameters are those with the lowest loss.

    Attributes:
        patience: whether to stop.
        best: the best parameters so far.
        ended_after: the number of epochs after which the training ended and its final parameters
            were compared with the best; None before that.
    """

    def __init__(self, patience: int | None, min_delta: float) -> None:
        self.patience = Patience(patience, min_delta)
        self.best = Best()
        self.ended_after: int | None = None

    def see(self, epoch: int, loss: float, parameters: Array) -> None:
        """Record the validation data loss of an epoch, and the parameters that it measures."""
        self.best.see(epoch, loss, parameters)
        self.patience.see(epoch, loss)

    def see_the_end(self, epochs: int, loss: float, parameters: Array) -> None:
        """Record the validation data loss after the last update: it may be the lowest."""
        self.best.see(epochs, loss, parameters)
        self.ended_after = epochs

    def state(self) -> dict[str, Any]:
        """The state as plain data; the best parameters are saved apart."""
        return {
            "best_loss": self.best.loss,
            "best_epoch": self.best.epoch,
            "reference": self.patience.reference,
            "reference_epoch": self.patience.reference_epoch,
            "stop_epoch": self.patience.stop_epoch,
            "ended_after": self.ended_after,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from a state."""
        self.best = Best(state["best_loss"], state["best_epoch"])
        self.patience.reference = state["reference"]
        self.patience.reference_epoch = state["reference_epoch"]
        self.patience.stop_epoch = state["stop_epoch"]
        self.ended_after = state["ended_after"]
