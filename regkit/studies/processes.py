"""Processes on this machine, which a study uses by default.

loky starts them without importing the caller's main module, so a script needs no
`if __name__ == "__main__"`.
"""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor
from typing import Any

from regkit.arguments import integer
from regkit.errors import InputError
from regkit.studies.execution import Engine, Given

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
"""The environment of a worker: two BLAS threads in each of two workers only wait for each other."""


def usable_cpus() -> int:
    """The number of CPUs that this process may use."""
    from loky import cpu_count

    count: int = cpu_count()
    return count


class Processes(Engine):
    """Worker processes with one BLAS thread each.

    Args:
        workers: their number; None for one for each CPU.

    Raises:
        InputError: the number is no positive integer.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = usable_cpus() if workers is None else integer("workers", workers, least=1)
        self._executor: Any = None

    def executor(self) -> Executor:
        """The pool, started when it is first asked for."""
        if self._executor is None:
            from loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(
                self.workers, initializer=_ignore_ctrl_c, env=ONE_THREAD
            )
        executor: Executor = self._executor
        return executor

    def restart(self) -> bool:
        """A new pool, with the next task."""
        self.close(at_once=True)
        return True

    def close(self, *, at_once: bool) -> None:
        """End the workers."""
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=at_once)


def engine_for(executor: Executor | None, workers: int | None) -> Engine:
    """The engine of a study.

    Args:
        executor: any; None for processes on this machine.
        workers: the number of these processes; None for one for each CPU.

    Raises:
        InputError: both are given, or the number is no positive integer.
    """
    if executor is None:
        return Processes(workers)
    if workers is not None:
        raise InputError("workers are those of the given executor: leave workers out")
    return Given(executor)


def _ignore_ctrl_c() -> None:
    """A terminal sends Ctrl-C to workers, too; they are ended by the process that started them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(ONE_THREAD)
