"""The events of a running job, one class each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from regkit.nn.score import Evaluation
from regkit.training import Objective, Record, Zeroed


@dataclass(frozen=True)
class Began:
    """The data are ready and training begins.

    Attributes:
        summary: one line about the table, or None for synthetic data.
        kernels: the name of the kernels that the run computes with.
        kernels_chosen: whether regkit, not the user, chose them.
    """

    summary: str | None
    kernels: str
    kernels_chosen: bool


@dataclass(frozen=True)
class RecordMade:
    """A record was made."""

    record: Record


@dataclass(frozen=True)
class PatienceCompared:
    """Early stopping by the data loss and by the penalized loss, if either would have stopped.

    Attributes:
        stopped_at: the epoch at which the validation data loss stopped the run, or None.
        best_epoch: the epoch at which it was lowest.
        penalized_stop: the epoch at which data loss plus penalty would have stopped it, or None.
    """

    stopped_at: int | None
    best_epoch: int
    penalized_stop: int | None


@dataclass(frozen=True)
class SmallWeightsZeroed:
    """Small weights were set to 0; `before` and `after` evaluate the held-out data."""

    zeroed: Zeroed
    before: Mapping[str, Evaluation]
    after: Mapping[str, Evaluation]


@dataclass(frozen=True)
class Ended:
    """Training is finished; the model was evaluated after the last update.

    Attributes:
        epochs: the number of epochs trained.
        training: the objective, on the training data.
        held_out: "validation" and "test", if there are any.
        seconds: the training time of this session.
    """

    epochs: int
    training: Objective
    held_out: Mapping[str, Evaluation]
    seconds: float


@dataclass(frozen=True)
class Saved:
    """Everything was saved in this folder."""

    path: Path


Event = Began | RecordMade | PatienceCompared | SmallWeightsZeroed | Ended | Saved
Watcher = Callable[[Event], None]
