"""The number of BLAS threads.

A second thread gains nothing on small matrix products, and costs a factor of ten or more as soon as
another process runs on the machine: the threads wait for each other at every product.

BLAS has one number for the whole process. Concurrent trainings share it while they need the same
number; one that needs another waits until they pause. The previous number is restored when the last
has ended.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from threadpoolctl import ThreadpoolController

from regkit.arguments import integer
from regkit.errors import InputError
from regkit.nn.model import Model

Threads = int | Literal["auto"]

WORTH_A_THREAD = 20_000_000
"""Multiplications in a product, about 0.25 ms, from which more threads are used."""


def checked_threads(threads: object) -> Threads:
    """A number of threads, or `"auto"`.

    Raises:
        InputError: it is neither.
    """
    if threads == "auto":
        return "auto"
    try:
        return integer("threads", threads, least=1)
    except InputError:
        raise InputError(f"threads must be a positive integer or 'auto', got {threads!r}") from None


class BlasThreads:
    """The number of BLAS threads of a training, set while it computes.

    Args:
        asked: a number, or `"auto"`: one thread if no product is large enough for more, and
            otherwise BLAS's own setting.
        model: the model that is trained.
        rows: rows per batch.
    """

    def __init__(self, asked: Threads, model: Model, rows: int) -> None:
        self._asked = asked
        if asked == "auto":
            largest = max(rows * layer.size for layer in model.parameter_layers)
            self._limit = 1 if largest < WORTH_A_THREAD else None
        else:
            self._limit = asked

    @property
    def number(self) -> int | None:
        """The number of threads; None if BLAS cannot be queried."""
        with self.limited():
            return _present_number()

    @property
    def most(self) -> int:
        """The number of threads that may compute, as asked for, or as BLAS has here."""
        return (_present_number() or 1) if self._asked == "auto" else self._asked

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Set the number, and restore the previous one."""
        with _limited(self._limit):
            yield


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit BLAS to one thread, whatever trainings inside of the context ask for."""
    with _limited(1):
        yield


@contextmanager
def _limited(limit: int | None) -> Iterator[None]:
    _PROCESS.acquire(limit)
    try:
        yield
    finally:
        _PROCESS.release()


class _ProcessLimit:
    """The limit in force in this process, and the threads that compute under it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders: dict[int, _Holder] = {}
        self._limit: int | None = None
        self._first: Any = None
        self._waiting: deque[object] = deque()

    def acquire(self, limit: int | None) -> None:
        """Wait for a turn, and set the limit if none is in force.

        A thread that already holds it, and starts a nested training, keeps the current limit.
        """
        me = threading.get_ident()
        with self._changed:
            if me not in self._holders:
                self._wait(limit)
                self._limit = limit
                # Each thread sets it: BLAS on top of OpenMP has one number per thread.
                _let_this_thread_set_it()
                limiter = _blas().limit(limits=limit)
                if not self._holders:
                    self._first = limiter
                self._holders[me] = _Holder(limiter)
            self._holders[me].times += 1

    def _wait(self, limit: int | None) -> None:
        turn = object()
        self._waiting.append(turn)
        try:
            self._changed.wait_for(
                lambda: self._waiting[0] is turn and (not self._holders or self._limit == limit)
            )
        finally:  # A Ctrl-C while waiting must not block the others.
            self._waiting.remove(turn)
            self._changed.notify_all()

    def release(self) -> None:
        """Release the limit; the last holder restores the previous number."""
        me = threading.get_ident()
        with self._changed:
            holder = self._holders[me]
            holder.times -= 1
            if holder.times:
                return
            del self._holders[me]
            _let_this_thread_set_it()
            if holder.limiter is not self._first:
                holder.limiter.restore_original_limits()
            if not self._holders:
                self._first.restore_original_limits()
                self._changed.notify_all()
            _let_this_thread_set_it()


@dataclass
class _Holder:
    """A thread that computes under the limit: what set it, and how many times it was entered."""

    limiter: Any
    times: int = 0


_PROCESS = _ProcessLimit()


def _start_afresh() -> None:
    # In a forked child no thread computes yet, whatever the parent's did.
    global _PROCESS
    _PROCESS = _ProcessLimit()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_afresh)


def _let_this_thread_set_it() -> None:
    """Since 3.8 threadpoolctl lets a single thread set the number, and ignores all others."""
    for library in _blas().lib_controllers:
        clear = getattr(library, "clear_controlling_thread", None)
        if clear is not None:
            clear(force=True)


def _present_number() -> int | None:
    return max((pool["num_threads"] for pool in _blas().info()), default=None)


# Finding the loaded libraries takes as long as many small steps; NumPy's is already loaded.
@cache
def _blas() -> Any:
    return ThreadpoolController().select(user_api="blas")
