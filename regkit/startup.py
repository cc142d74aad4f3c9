"""What regkit's own processes settle at their start: their environment, and whom they tell."""

from __future__ import annotations

import os
from collections.abc import Callable

ENVIRONMENT = {"OPENBLAS_THREAD_TIMEOUT": "16"}
"""OpenBLAS's idle threads go to sleep after 2¹⁶ cycles; by default they spin for 2²⁶ (about 25 ms)
after every product, which slows down other computations."""

announce: Callable[[str], None] | None = None
"""Tells somebody at a terminal why it takes long; None in a library, where nobody may be there."""


def prepare_environment() -> None:
    """Set the variables that the user has not; for a command or worker process, not a library."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def blas_threads_sleep() -> bool:
    """Whether idle threads of OpenBLAS leave the processor soon after a product, if it is used."""
    return all(name in os.environ for name in ENVIRONMENT)


def child_environment() -> dict[str, str]:
    """The environment for a child process."""
    return {**ENVIRONMENT, **os.environ}
