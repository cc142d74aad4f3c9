"""The events of a running job, one class each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from regkit.runs.evaluation import DetailedEvaluation
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
        stopped_at: the epoch at which patience ran out on the validation data loss, or None.
        improved_at: the epoch of its last improvement.
        recorded_stop: the epoch at which the data loss would have stopped it by its records alone,
            or None.
        penalized_stop: the same for data loss plus penalty, which is known for records only.
    """

    stopped_at: int | None
    improved_at: int
    recorded_stop: int | None
    penalized_stop: int | None


@dataclass(frozen=True)
class SmallWeightsZeroed:
    """Small weights were set to 0; `before` and `after` evaluate the held-out data."""

    zeroed: Zeroed
    before: Mapping[str, DetailedEvaluation]
    after: Mapping[str, DetailedEvaluation]


WeightsName = Literal["last", "best", "zeroed"]
"""The weights of a run: after the last update, of the lowest validation loss, small ones at 0."""


def trained_for(epochs: int, *, given: bool = False) -> str:
    """How long weights were trained, in words; `given` says that the run began with given ones."""
    if epochs:
        return f"after {epochs} epoch{'s' if epochs != 1 else ''}"
    return "as they were given" if given else "untrained"


@dataclass(frozen=True)
class BestWeights:
    """The weights with the lowest validation data loss: after how many epochs, and how they do."""

    epochs: int
    held_out: Mapping[str, DetailedEvaluation]


@dataclass(frozen=True)
class Ended:
    """Training is finished, and the model was evaluated as it is now.

    Attributes:
        epochs: the number of epochs trained.
        training: the objective, on the training data.
        held_out: "validation" and "test", if there are any.
        seconds: the training time of this session.
        weights: which weights were evaluated: "last" or "zeroed".
        best: the best weights, if validation was watched.
        saved: whether the run has a folder, where the best weights are kept.
    """

    epochs: int
    training: Objective
    held_out: Mapping[str, DetailedEvaluation]
    seconds: float
    weights: WeightsName
    best: BestWeights | None
    saved: bool


@dataclass(frozen=True)
class Saved:
    """Everything was saved in this folder.

    `weights` are those that `regkit.load` takes from it by default.
    """

    path: Path
    weights: WeightsName


Event = Began | RecordMade | PatienceCompared | SmallWeightsZeroed | Ended | Saved
Watcher = Callable[[Event], None]
