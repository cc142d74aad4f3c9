"""What happens while a job runs, for whoever watches: a class for each thing that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from regkit.nn.score import Evaluation
from regkit.training import Objective, Record, Zeroed


@dataclass(frozen=True)
class Began:
    """The data are there and training begins.

    Attributes:
        summary: a line about the table, or None for synthetic data.
        kernels: the name of the kernels that the run computes with.
        kernels_chosen: whether regkit chose them, and not the user.
    """

    summary: str | None
    kernels: str
    kernels_chosen: bool


@dataclass(frozen=True)
class RecordMade:
    """A record is there."""

    record: Record


@dataclass(frozen=True)
class PatienceCompared:
    """Early stopping by the data loss and by the penalized loss, where either would have stopped.

    Attributes:
        stopped_at: the epoch at which the data loss on validation stopped the run, or None.
        best_epoch: where it was lowest.
        penalized_stop: where data loss plus penalty would have stopped it, or None.
    """

    stopped_at: int | None
    best_epoch: int
    penalized_stop: int | None


@dataclass(frozen=True)
class SmallWeightsZeroed:
    """Small weights were set to 0; `before` and `after` are the held-out parts."""

    zeroed: Zeroed
    before: Mapping[str, Evaluation]
    after: Mapping[str, Evaluation]


@dataclass(frozen=True)
class Ended:
    """The training is over and was measured after the last update.

    Attributes:
        epochs: how many lie behind the weights.
        training: what was minimized, on the training data.
        held_out: "validation" and "test", where there are any.
        seconds: how long this sitting trained.
    """

    epochs: int
    training: Objective
    held_out: Mapping[str, Evaluation]
    seconds: float


@dataclass(frozen=True)
class Saved:
    """Everything lies in this folder."""

    path: Path


Event = Began | RecordMade | PatienceCompared | SmallWeightsZeroed | Ended | Saved
Watcher = Callable[[Event], None]
