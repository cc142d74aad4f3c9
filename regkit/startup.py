"""What a process of regkit's own sets in its environment before NumPy is loaded."""

from __future__ import annotations

import os

ENVIRONMENT = {"OPENBLAS_THREAD_TIMEOUT": "16"}
"""OpenBLAS's idle threads go to sleep after 2¹⁶ cycles; by default they spin for 2²⁶ (about 25 ms)
after every product, in the way of whatever else computes."""


def prepare_environment() -> None:
    """Set what the user has not set; for a command or a worker process, not for a library."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def child_environment() -> dict[str, str]:
    """The environment that a child process is started with."""
    return {**ENVIRONMENT, **os.environ}
