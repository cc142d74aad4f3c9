"""Whether somebody sees a stream, or another program reads it."""

from __future__ import annotations

import os
import stat
from typing import TextIO


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody sees the stream; it is None where it was closed from the start."""
    return stream is not None and stream.isatty()


def is_piped(stream: TextIO | None) -> bool:
    """Whether another program reads the stream, which may be a pager that shares the terminal."""
    if stream is None:
        return False
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
