"""A task of a study: plain settings that travel to a worker, and the rows that come back."""

from __future__ import annotations

import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regkit.errors import InputError, RegkitError
from regkit.warn import collected_warnings

Row = dict[str, Any]
"""What is known of a cell when it is finished: a line of `rows.jsonl`."""

FAILED = "failed"
"""The key of the reason in the row of a cell that failed."""


@dataclass(frozen=True)
class Task(ABC):
    """What a worker does in one go; subclasses hold text and numbers alone, never objects.

    Attributes:
        key: unique in the study. Rows are matched to tasks by it.
    """

    key: str

    @abstractmethod
    def perform(self) -> list[Row]:
        """Do the work, and return the rows.

        Raises:
            RegkitError: it cannot be done, which makes it `failed`.
        """

    @abstractmethod
    def failed(self, reason: str) -> list[Row]:
        """The rows of this task if it could not be performed."""

    @abstractmethod
    def owns(self, rows: Sequence[Row]) -> bool:
        """Whether these are whole rows of this task; somebody may have edited their file."""

    def refusal(self, rows: Sequence[Row]) -> str:
        """What to say of rows under this task's key that it does not own."""
        return (
            f"the study's rows of {self.key} are damaged: take their lines out of rows.jsonl, and "
            "the same command does it again"
        )


def require_own(tasks: Iterable[Task], finished: Mapping[str, Sequence[Row]]) -> None:
    """Check that the rows of those tasks that are finished are theirs.

    Raises:
        InputError: they are not.
    """
    for task in tasks:
        if task.key in finished and not task.owns(finished[task.key]):
            raise InputError(task.refusal(finished[task.key]))


@dataclass(frozen=True)
class Outcome:
    """A performed task.

    Attributes:
        key: the task's.
        rows: what is kept of it.
        seconds: how long it took.
        host: the machine that performed it.
        warnings: what would have been warned of, in order.
    """

    key: str
    rows: list[Row]
    seconds: float
    host: str
    warnings: tuple[str, ...] = ()


def perform(task: Task) -> Outcome:
    """Perform a task in this process, with one BLAS thread, so that results do not depend on it.

    An error that a run may end with, such as a divergence or a failing plugin, becomes the task's
    rows: it is not the end of the study.
    """
    from regkit.training.blas_threads import one_thread

    began = time.perf_counter()
    with collected_warnings() as warned, one_thread():
        try:
            rows = task.perform()
        except RegkitError as error:
            rows = task.failed(reason_of(error))
    said = tuple(dict.fromkeys(warned))
    return Outcome(task.key, rows, time.perf_counter() - began, socket.gethostname(), said)


def reason_of(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
