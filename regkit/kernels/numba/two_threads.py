"""Two calls of kernels at the same time: they do not hold Python's lock while they compute."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Call = Callable[[], None]
Both = Callable[[Call, Call], None]
"""Calls two functions, at the same time where a run may use two threads."""


class TwoThreads:
    """The thread of a run, and another one from the first time that it is wanted."""

    def __init__(self) -> None:
        self._other: ThreadPoolExecutor | None = None

    def both(self, one: Call, other: Call) -> None:
        """Call both at the same time."""
        if self._other is None:
            self._other = ThreadPoolExecutor(1)
        meanwhile = self._other.submit(other)
        try:
            one()
        finally:
            meanwhile.result()


def one_after_the_other(one: Call, other: Call) -> None:
    """Call both in this thread."""
    one()
    other()
