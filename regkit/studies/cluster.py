"""A Dask cluster, to which a study's tasks are sent.

A task travels as the text and numbers that it holds, so that workers need regkit, the plugins and
the data's files, and nothing of the process that asks.
"""

from __future__ import annotations

import asyncio
import logging
import struct
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from regkit.arguments import number
from regkit.errors import InputError
from regkit.studies.execution import Engine
from regkit.studies.task import Outcome, Task, perform

WAIT_S = 30.0
"""Seconds for a scheduler to answer and a worker to be there."""

LOGGERS = ("distributed", "distributed.client", "tornado.application")
"""They write to the terminal what is said here in one line."""

NO_GREETING = (LookupError, MemoryError, OverflowError, TypeError, ValueError, struct.error)
"""What reading a web server's answer as a greeting of Dask's ends with."""


def of_dask(executor: Executor) -> bool:
    """Whether it is a Dask client's, from `Client.get_executor`."""
    return type(executor).__module__.partition(".")[0] == "distributed"


class DaskExecutor(Engine):
    """The executor of a Dask client of somebody else, which is left running."""

    attempts = 1  # The scheduler itself has sent the task to several workers.

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, task: Task) -> Future[Outcome]:
        """Send it as a new task: Dask would take a second attempt for the first one."""
        submit: Any = self._executor.submit
        future: Future[Outcome] = submit(perform, task, pure=False)
        return future

    def has_killed(self, error: Exception) -> bool:
        """Whether the scheduler gave the task up, since its workers ended."""
        return isinstance(error, import_module("distributed").KilledWorker)

    def explained(self, error: Exception) -> Exception:
        """An error in one line if the cluster is at fault rather than the task."""
        if isinstance(error, CancelledError):
            return InputError(f"{self._name} ended the connection or cancelled the tasks")
        missing = error.__cause__
        if isinstance(missing, ModuleNotFoundError):
            return InputError(
                f"a worker of {self._name} has no module {missing.name!r}: install there what is "
                "installed here"
            )
        return error

    @property
    def _name(self) -> str:
        return "the Dask cluster"


class DaskCluster(DaskExecutor):
    """The cluster of a scheduler, with a client of its own.

    Args:
        client: connected.
        address: the scheduler's.
        wait_s: seconds without a result, and then without a worker, after which it is given up.
        opened: what closes the connection.
    """

    def __init__(self, client: Any, address: str, wait_s: float, opened: ExitStack) -> None:
        super().__init__(client.get_executor())
        self.patience = self._wait_s = wait_s
        self._client = client
        self._address = address
        self._opened = opened

    def check(self) -> None:
        """Wait for a worker if none is left.

        Raises:
            InputError: none came.
        """
        _wait_for_a_worker(self._client, self._address, self._wait_s, self._wait_s)

    def close(self, *, at_once: bool) -> None:
        """Close the connection; the scheduler then drops what is not finished."""
        self._opened.close()

    @property
    def _name(self) -> str:
        return f"the Dask scheduler at {self._address}"


def dask_cluster(address: str, wait_s: float = WAIT_S) -> DaskCluster:
    """The engine of a Dask cluster.

    Args:
        address: of its scheduler, such as `tcp://host:8786`.
        wait_s: seconds in which the scheduler must answer and have a worker. A cluster that loses
            all its workers during the study is given as many again.

    Raises:
        InputError: `distributed` is not installed, nothing answers at the address, or there is no
            worker.
    """
    wait_s = number("wait_s", wait_s, above=0)
    client_class = _distributed().Client
    began = time.monotonic()
    with ExitStack() as opened:
        opened.enter_context(_quiet())
        try:
            _check_address(address)
            with ThreadPoolExecutor(1) as thread:  # This one may run an event loop, as in Jupyter.
                thread.submit(lambda: asyncio.run(_greet(address, wait_s))).result()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Such as of other versions at the other end.
                client = client_class(address, timeout=wait_s, set_as_default=False)
        except ValueError:
            raise InputError(
                f"{address!r} is no address of a Dask scheduler: write it as tcp://host:8786"
            ) from None
        except OSError:
            raise InputError(
                f"no Dask scheduler answered at {address} within {wait_s:g} s: check the address, "
                "or start one by `dask scheduler`"
            ) from None
        opened.callback(client.close)
        left = max(wait_s - (time.monotonic() - began), 0.1)
        _wait_for_a_worker(client, address, left, wait_s)
        return DaskCluster(client, address, wait_s, opened.pop_all())


def _check_address(address: str) -> None:
    """Raise ValueError for an address at which nothing can be; Dask would take "" for its own."""
    comm = import_module("distributed.comm")
    scheme, place = comm.parse_address(address)
    comm.registry.get_backend(scheme)
    if not all(comm.addressing.parse_host_port(place)):
        raise ValueError(address)


async def _greet(address: str, wait_s: float) -> None:
    """Ask who is there, for whose answer a client of Dask's would wait without end.

    Raises:
        OSError: no scheduler answered in time.
    """
    core = import_module("distributed.core")

    async def identity() -> Any:
        comm = await core.connect(address, timeout=wait_s)
        return await core.send_recv(comm=comm, op="identity", close=True)

    try:
        found = await asyncio.wait_for(identity(), wait_s)
    except NO_GREETING as error:
        raise ConnectionError(address) from error
    if "workers" not in found:  # A worker answers, too.
        raise ConnectionError(address)


def _wait_for_a_worker(client: Any, address: str, left: float, wait_s: float) -> None:
    try:
        client.wait_for_workers(1, timeout=left)
    except OSError:
        raise InputError(
            f"the Dask scheduler at {address} had no worker within {wait_s:g} s: start some by "
            f"`dask worker {address}`"
        ) from None


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise InputError(
            "a Dask cluster needs distributed, which is not installed: "
            "pip install 'regkit-nn[cluster]'"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
