"""Processes on this machine, which a study uses by default.

loky starts them without importing the caller's main module, so a script needs no
`if __name__ == "__main__"`.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from regkit.arguments import integer
from regkit.errors import InputError
from regkit.studies.cluster import DaskExecutor, of_dask
from regkit.studies.deferred_signals import signals_deferred
from regkit.studies.execution import Engine, Given
from regkit.studies.task import Outcome, Task, perform

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
"""The environment of a worker: two BLAS threads in each of two workers only wait for each other."""

SECONDS_BETWEEN = 0.5
"""So often a worker looks whether the process that started it is still there."""


def usable_cpus() -> int:
    """The number of CPUs that this process may use."""
    from loky import cpu_count

    count: int = cpu_count()
    return count


class Processes(Engine):
    """Worker processes with one BLAS thread each, no more than there are tasks.

    Args:
        workers: their number; None for one for each CPU.

    Raises:
        InputError: the number is no positive integer.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._most = usable_cpus() if workers is None else integer("workers", workers, least=1)
        self._started = 0
        self._executor: Any = None

    def expect(self, tasks: int) -> None:
        """Start a larger pool with the next task if this one is too small for them."""
        workers = min(self._most, tasks)
        if workers > self._started:
            self.close(at_once=False)
            self._started = workers
        # One more for each worker, which it finds when it is ready.
        self.window = 2 * self._started

    def submit(self, task: Task) -> Future[Outcome]:
        """Have it performed by the pool, which is started if need be."""
        if self._executor is None:
            from loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(
                self._started, initializer=_begin, initargs=(os.getpid(),), env=ONE_THREAD
            )
        with signals_deferred(), _interrupts_blocked():
            future: Future[Outcome] = self._executor.submit(perform, task)
        return future

    def cancel(self, pending: Iterable[Future[Outcome]]) -> None:
        """Nothing: `close` ends the workers, and loky stumbles over futures that are cancelled."""

    def restart(self) -> bool:
        """A new pool, with the next task."""
        self.close(at_once=True)
        return True

    def close(self, *, at_once: bool) -> None:
        """End the workers."""
        executor, self._executor, self._started = self._executor, None, 0
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=at_once)


def engine_for(executor: Executor | None, workers: int | None) -> Engine:
    """The engine of a study.

    Args:
        executor: any; None for processes on this machine.
        workers: the number of these processes; None for one for each CPU.

    Raises:
        InputError: both are given, the executor is none, or the number is no positive integer.
    """
    if executor is None:
        return Processes(workers)
    if not isinstance(executor, Executor):
        raise InputError(
            "executor must be a concurrent.futures.Executor, such as ProcessPoolExecutor() or a "
            f"Dask client's get_executor(), got {type(executor).__name__}"
        )
    if workers is not None:
        raise InputError("workers are those of the given executor: leave workers out")
    return DaskExecutor(executor) if of_dask(executor) else Given(executor)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Put off Ctrl-C while workers start; they inherit that, and do not show a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # Before Python 3.12 its start ends the blocking.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int) -> None:
    """Prepare a worker: it ends when its study does, and not by a Ctrl-C of its own.

    A terminal sends Ctrl-C to workers, too; they are ended by the process that started them. If
    that process is killed, nobody tells them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(ONE_THREAD)
    atexit.register(gc.freeze)  # What is left ends with the process, for which its study waits.
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN)
    os._exit(1)
