"""Tasks of studies that are over at once, or that end their worker; workers import them."""

import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_info

from regkit.errors import InputError
from regkit.studies.task import Task


@dataclass(frozen=True)
class Small(Task):
    """Its row holds its key."""

    def perform(self):
        return [{"key": self.key}]

    def failed(self, reason):
        return [{"key": self.key, "failed": reason}]

    def owns(self, rows):
        return True


class Refused(Small):
    def perform(self):
        raise InputError("no such\nthing")


class Faulty(Small):
    def perform(self):
        raise ZeroDivisionError(self.key)


class EndsItsWorker(Small):
    def perform(self):
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class EndsAWorkerOnce(Small):
    marker: str

    def perform(self):
        try:
            Path(self.marker).touch(exist_ok=False)
        except FileExistsError:
            return super().perform()
        return os.kill(os.getpid(), signal.SIGKILL)


class Threads(Small):
    """Its row holds the number of BLAS threads."""

    def perform(self):
        import numpy  # noqa: F401

        return [{"threads": [one["num_threads"] for one in threadpool_info()]}]


@dataclass(frozen=True)
class Stays(Small):
    """It says that it has begun, through a FIFO, and never ends by itself."""

    fifo: str

    def perform(self):
        with Path(self.fifo).open("w") as told:
            told.write(f"{os.getpid()}\n")
        threading.Event().wait()
