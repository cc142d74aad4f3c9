"""Whole processes as a shell would start them, and what they take."""

import os
import resource
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SCRIPTS = Path(sysconfig.get_path("scripts"))
REGKIT, LLM = (str(SCRIPTS / name) for name in ("regkit", "llm"))

CLICK = "python -c 'import click'"
CLICK_COMMAND = (sys.executable, "-c", "import click")
"""What others are divided by: the least that a command in Python does."""

NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"


def wall_of(command: Sequence[str]) -> Callable[[], float]:
    """Measures the seconds from its start to its end."""

    def measure() -> float:
        started = time.perf_counter()
        _run(command)
        return time.perf_counter() - started

    return measure


def cpu_of(command: Sequence[str]) -> Callable[[], float]:
    """Measures the seconds of CPU, in user and system, of the process and of those it starts."""

    def measure() -> float:
        before = _used()
        _run(command)
        return _used() - before

    return measure


def _used() -> float:
    """Seconds of CPU of all processes that have been waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: Sequence[str]) -> None:
    """With byte code, as for a user: the round that does not count writes it."""
    environment = {name: value for name, value in os.environ.items() if name != NO_BYTE_CODE}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
