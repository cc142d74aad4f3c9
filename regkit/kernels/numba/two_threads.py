"""Two calls of kernels at the same time: they do not hold Python's lock while they compute.

A call may take no longer than a tenth of a millisecond, so that handing it over must cost little:
an executor of `concurrent.futures` takes twice as long for it. And a processor that is busy with
something else may not come to it in time; then nobody waits for it.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

Call = Callable[[], None]
Both = Callable[[Call, Call], None]
"""Calls two functions, at the same time where a run may use two threads."""


class TwoThreads:
    """The thread of a run, and another one from the first time that it is wanted."""

    def __init__(self) -> None:
        self._handed_over: SimpleQueue[_Once | None] | None = None
        self._process = 0

    def both(self, one: Call, other: Call) -> None:
        """Call both at the same time; or after each other, if the second thread does not wake.

        When it returns or raises, neither is running.
        """
        second = _Once(other)
        try:
            self._queue().put(second)
            one()
        except BaseException:
            second.call_off()
            raise
        second.finish()

    def _queue(self) -> SimpleQueue[_Once | None]:
        if self._handed_over is None or self._process != os.getpid():  # No thread is forked.
            handed_over: SimpleQueue[_Once | None] = SimpleQueue()
            Thread(target=_serve, args=(handed_over,), daemon=True).start()
            weakref.finalize(self, handed_over.put, None)
            self._handed_over, self._process = handed_over, os.getpid()
        return self._handed_over


class _Once:
    """A call that is made once, by the thread that comes to it first."""

    def __init__(self, call: Call) -> None:
        self._call: Call | None = call
        self._taken, self._unfinished = Lock(), Lock()
        self._error: BaseException | None = None
        self._unfinished.acquire()

    def begin(self) -> None:
        """Make the call, unless another thread has come to it."""
        if not self._taken.acquire(blocking=False):
            return
        call, self._call = self._call, None  # A queue may keep this longer than its arrays.
        try:
            if call is not None:
                call()
        except BaseException as error:  # noqa: BLE001 - It is raised where it is waited for.
            self._error = error
        finally:
            self._unfinished.release()

    def finish(self) -> None:
        """Likewise, then wait for it, and raise what it raised."""
        self.begin()
        self._wait()
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # Its traceback leads back here.

    def call_off(self) -> None:
        """Let no thread begin it; if one has, wait for it."""
        self._call = None
        self.begin()
        self._wait()

    def _wait(self) -> None:
        try:
            with self._unfinished:
                pass
        except BaseException:  # Ctrl-C, but the other thread still writes to the run's arrays.
            with self._unfinished:
                pass
            raise


def _serve(handed_over: SimpleQueue[_Once | None]) -> None:
    while (second := handed_over.get()) is not None:
        second.begin()
        del second  # Its arrays may be large.


def one_after_the_other(one: Call, other: Call) -> None:
    """Call both in this thread."""
    one()
    other()
