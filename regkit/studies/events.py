"""What a study tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regkit.studies.task import Outcome


@dataclass(frozen=True)
class Planned:
    """The tasks of a part of the study are known; `finished` of them are from an earlier time."""

    tasks: int
    finished: int


@dataclass(frozen=True)
class Finished:
    """A task was finished."""

    outcome: Outcome


@dataclass(frozen=True)
class TrainingRun:
    """The winner of a study is trained once more, to be saved as a run."""

    winner: str
    seed: int


@dataclass(frozen=True)
class TrialEnded:
    """A trial of a sweep has finished, was pruned, or failed; `trial` is plain data."""

    trial: dict[str, Any]


StudyEvent = Planned | Finished | TrainingRun | TrialEnded
StudyWatcher = Callable[[StudyEvent], None]
