"""Tasks that workers of any kind can import, some of which end their worker."""

import os
import signal
from dataclasses import dataclass

from regkit.studies.task import Task


@dataclass(frozen=True)
class Job(Task):
    """Squares a number; a negative one ends the process that does so."""

    number: int

    def perform(self):
        if self.number < 0:
            os._exit(1)
        return [{"square": self.number**2, "threads": os.environ.get("OMP_NUM_THREADS")}]

    def failed(self, reason):
        return [{"failed": reason}]

    def owns(self, rows):
        return True


class Blocked(Job):
    """Its row says whether Ctrl-C is blocked, and ignored as well."""

    def perform(self):
        blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
        return [{"blocked": blocked, "ignored": signal.getsignal(signal.SIGINT) == signal.SIG_IGN}]


def jobs(*numbers):
    return [Job(str(number), number) for number in numbers]
