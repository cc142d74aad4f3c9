"""The compilation of all kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from weakref import WeakSet

import numba
from numba.core import event

from regkit import startup

F = TypeVar("F", bound=Callable[..., object])

_OURS: WeakSet[Any] = WeakSet()


def kernel(function: F) -> F:
    """Compile for each combination of dtypes that occurs, and cache the result on disk.

    Sums may be reordered, and products added without intermediate rounding, which vectorization
    needs; NaN and infinity behave as usual. Other threads keep running.
    """
    return _compiled(function, {"contract", "reassoc", "nsz"})


def ordered_kernel(function: F) -> F:
    """The same for arithmetic whose order matters: nothing is reordered."""
    return _compiled(function, {"contract"})


def exact_kernel(function: F) -> F:
    """The same, but each operation is rounded as NumPy rounds it: for one entry at a time."""
    return _compiled(function, False)


def _compiled(function: F, fastmath: set[str] | bool) -> F:
    compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=fastmath)(
        function
    )
    _OURS.add(compiled)
    return cast("F", compiled)


class _Announcement(event.Listener):
    """Comes once, before the first kernel that is not on disk yet."""

    is_due = True

    def on_start(self, beginning: Any) -> None:
        """A function is about to be compiled."""
        if self.is_due and startup.announce is not None and beginning.data["dispatcher"] in _OURS:
            self.is_due = False
            startup.announce(
                "compiling kernels of this job, which are kept: ten seconds to half a minute"
            )

    def on_end(self, ending: Any) -> None:
        """It is compiled."""


_announcement = _Announcement()
event.register("numba:compile", _announcement)  # type: ignore[no-untyped-call]
