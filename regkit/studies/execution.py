"""Performing the tasks of a study on an executor, whichever it is."""

from __future__ import annotations

import math
import queue
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from types import TracebackType
from typing import Self

from regkit.errors import InputError
from regkit.studies.deferred_signals import signals_deferred
from regkit.studies.task import Outcome, Task, perform

KILLED = "KilledWorker: the process that performed it ended"
"""The reason of a task that ends its worker, the same for every engine."""


class Engine(ABC):
    """Where tasks are performed; a context manager, which lets go of what it started.

    Attributes:
        window: so many tasks are submitted ahead of their results.
        attempts: so many times a task may end the worker that performs it alone.
        patience: seconds without a result after which `check` is called; None for never.
    """

    window: float = math.inf
    attempts: int = 2
    patience: float | None = None

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

    def expect(self, tasks: int) -> None:
        """Be told how many tasks are next: more workers than that have nothing to do."""
        return

    @abstractmethod
    def submit(self, task: Task) -> Future[Outcome]:
        """Have a task performed.

        Raises:
            BrokenExecutor: it can perform no more.
        """

    def cancel(self, pending: Iterable[Future[Outcome]]) -> None:
        """Let go of tasks that nobody waits for any more."""
        for future in pending:
            future.cancel()

    def restart(self) -> bool:
        """Replace a broken executor by a new one; False where that cannot be done."""
        return False

    def has_killed(self, error: Exception) -> bool:
        """Whether the error says that a worker ended while others go on."""
        return False

    def check(self) -> None:
        """Look whether results can still come.

        Raises:
            InputError: they cannot.
        """
        return

    def explained(self, error: Exception) -> Exception:
        """What to raise for the error of a task that is not regkit's."""
        if isinstance(error, CancelledError):
            return InputError("the given executor cancelled tasks: call again, with another one")
        return error


class Given(Engine):
    """An executor of somebody else, which is left running."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, task: Task) -> Future[Outcome]:
        """As it stands."""
        return self._executor.submit(perform, task)


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
    waiting = deque(tasks)
    while waiting:
        for suspect in _perform(waiting, engine, done):
            if _ends_its_worker(suspect, engine, done):
                done(Outcome(suspect.key, suspect.failed(KILLED), 0.0, ""))


def _ends_its_worker(task: Task, engine: Engine, done: Callable[[Outcome], None]) -> bool:
    """Perform a task alone; whether it ended its worker each time."""
    for _ in range(engine.attempts):
        waiting = deque([task])
        suspects: list[Task] = []
        while waiting:  # An executor that broke while it was idle has not tried it.
            suspects = _perform(waiting, engine, done)
        if not suspects:
            return False
    return True


def _perform(waiting: deque[Task], engine: Engine, done: Callable[[Outcome], None]) -> list[Task]:
    """Perform those that wait, until the executor breaks; returns the suspects of that."""
    arrived: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
    pending: dict[Future[Outcome], Task] = {}
    suspects: list[Task] = []
    broken = False
    engine.expect(len(waiting))
    try:
        while True:
            while waiting and not broken and len(pending) < engine.window:
                try:
                    future = engine.submit(waiting[0])
                except BrokenExecutor:
                    broken = True
                    break
                with signals_deferred():
                    pending[future] = waiting.popleft()
                    future.add_done_callback(arrived.put)
            if not pending:
                break
            future = _next(arrived, engine)
            task = pending.pop(future)
            try:
                outcome = future.result()
            except BrokenExecutor:
                broken = True
                suspects.append(task)
            except Exception as error:
                if not engine.has_killed(error):
                    raise engine.explained(error) from error
                suspects.append(task)
            else:
                done(outcome)
            del future  # With its outcome, which would stay until the next one is there.
    except BaseException:
        engine.cancel(pending)
        raise
    if broken and not engine.restart():
        raise InputError(
            f"a worker of the given executor ended, and {len(suspects) + len(waiting)} tasks were "
            "lost: call again, with another executor"
        )
    return suspects


def _next(arrived: queue.SimpleQueue[Future[Outcome]], engine: Engine) -> Future[Outcome]:
    while True:
        try:
            return arrived.get(timeout=engine.patience)
        except queue.Empty:
            engine.check()
