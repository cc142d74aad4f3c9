"""What a study tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    """The winner of a comparison is trained once more, to be saved as a run."""

    arm: str
    seed: int


StudyEvent = Planned | Finished | TrainingRun
StudyWatcher = Callable[[StudyEvent], None]
