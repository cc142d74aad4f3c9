"""Performing the tasks of a study on an executor, whichever it is."""

from __future__ import annotations

import queue
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from types import TracebackType
from typing import Self

from regkit.errors import InputError
from regkit.studies.task import Outcome, Task, perform

KILLED = "KilledWorker: the process that performed it ended"
"""The reason of a task that ends its worker, the same for every engine."""

ATTEMPTS = 2
"""So many times a task may end the worker that performs it alone."""


class Engine(ABC):
    """Where tasks are performed; a context manager, which lets go of what it started.

    Attributes:
        workers: how many tasks are performed at once, if that is known.
    """

    workers: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(at_once=error is not None)

    def close(self, *, at_once: bool) -> None:
        """Let go of what was started; at once where an exception, such as Ctrl-C, leaves."""
        return

    @abstractmethod
    def executor(self) -> Executor:
        """The executor, started if need be."""

    def restart(self) -> bool:
        """Replace a broken executor by a new one; False where that cannot be done."""
        return False

    def has_killed(self, error: BaseException) -> bool:
        """Whether the error says that the task ended its worker, once and for all."""
        return False


class Given(Engine):
    """An executor of somebody else, which is left running."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def executor(self) -> Executor:
        """It."""
        return self._executor


def run_tasks(tasks: Sequence[Task], engine: Engine, done: Callable[[Outcome], None]) -> None:
    """Perform the tasks, in any order, and hand over each outcome as soon as it is there.

    A task that ends its worker becomes the rows of a failed one. Those that were under way beside
    it are performed again, one at a time, so that the culprit is found.

    Args:
        tasks: with different keys.
        engine: where they are performed.
        done: called in this thread, once for each task.

    Raises:
        InputError: the executor broke, and cannot be replaced.
        BaseException: what `done` raises, or a task that fails for no reason of its own; pending
            tasks are then cancelled.
    """
    suspects = _together(tasks, engine, done)
    for number, task in enumerate(suspects):
        if not _alone(task, engine, done):
            continue
        if not engine.restart():
            left = len(suspects) - number
            raise InputError(
                f"a worker of the given executor ended, and {left} tasks were lost: call again, "
                "with another executor"
            )


def _together(tasks: Sequence[Task], engine: Engine, done: Callable[[Outcome], None]) -> list[Task]:
    """Submit all at once; returns the tasks that a broken executor left undone."""
    arrived: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
    executor = engine.executor()
    pending: dict[Future[Outcome], Task] = {}
    undone: list[Task] = []
    try:
        for number, task in enumerate(tasks):
            try:
                future = executor.submit(perform, task)
            except BrokenExecutor:
                undone += tasks[number:]
                break
            pending[future] = task
            future.add_done_callback(arrived.put)
        while pending:
            future = arrived.get()
            task = pending.pop(future)
            if not _taken(future, task, engine, done):
                undone.append(task)
    except BaseException:
        for future in pending:
            future.cancel()
        raise
    if undone and not engine.restart():
        raise InputError(
            f"a worker of the given executor ended, and {len(undone)} tasks were lost: call again, "
            "with another executor"
        )
    return undone


def _alone(task: Task, engine: Engine, done: Callable[[Outcome], None]) -> bool:
    """Perform one task with nothing beside it; returns whether the executor is broken."""
    for attempt in range(1, ATTEMPTS + 1):
        future = engine.executor().submit(perform, task)
        if _taken(future, task, engine, done):
            return False
        if attempt < ATTEMPTS and not engine.restart():
            break
    done(Outcome(task.key, task.failed(KILLED), 0.0, ""))
    return True


def _taken(
    future: Future[Outcome], task: Task, engine: Engine, done: Callable[[Outcome], None]
) -> bool:
    """Hand over the outcome; False if the executor broke before there was one."""
    try:
        outcome = future.result()
    except BrokenExecutor:
        return False
    except Exception as error:
        if not engine.has_killed(error):
            raise
        outcome = Outcome(task.key, task.failed(KILLED), 0.0, "")
    done(outcome)
    return True
