"""What a study tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from regkit.studies.task import Outcome


@dataclass(frozen=True)
class Begun:
    """A study has begun or goes on: so many tasks it has in all, or trials of a sweep.

    How many tasks a trial takes only pruning decides.
    """

    total: int
    of: Literal["task", "trial"] = "task"


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


StudyEvent = Begun | Planned | Finished | TrainingRun | TrialEnded
StudyWatcher = Callable[[StudyEvent], None]
