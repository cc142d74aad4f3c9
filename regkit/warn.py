"""Warnings that point at the caller's line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from regkit.errors import RegkitWarning

PACKAGE = __name__.partition(".")[0]


_COLLECTED: ContextVar[list[str] | None] = ContextVar("_COLLECTED", default=None)


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Collect what this thread would warn of, instead of warning.

    `warnings.catch_warnings` would do so for all threads of the process.
    """
    found: list[str] = []
    token = _COLLECTED.set(found)
    try:
        yield found
    finally:
        _COLLECTED.reset(token)


def warn(message: str) -> None:
    """Issue a `RegkitWarning` at the line outside regkit that led here."""
    collected = _COLLECTED.get()
    if collected is not None:
        collected.append(message)
        return
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and _is_own(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
        level += 1
    warnings.warn(message, RegkitWarning, stacklevel=level)


def _is_own(module: str) -> bool:
    # A with statement puts the standard library's frame between two of regkit's.
    return module.partition(".")[0] == PACKAGE or module == "contextlib"
