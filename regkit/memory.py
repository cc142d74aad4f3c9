"""Refusing what cannot fit this machine's memory, before it is allocated."""

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path

from regkit.errors import InputError

CONTROL_GROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux says how much memory a container may use, in its second and first version."""


def physical_memory() -> int | None:
    """The memory in bytes that the machine or the container has; None if the system cannot tell."""
    found = [limit for path in CONTROL_GROUP_LIMITS if (limit := _limit(path)) is not None]
    with contextlib.suppress(AttributeError, ValueError, OSError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=None)


def require_memory(what: str, needed: int) -> None:
    """Check that `needed` bytes fit this machine's memory.

    Args:
        what: what needs them, for the message: `"2 hidden layers of 10⁶ neurons"`.
        needed: bytes; an estimate from below.

    Raises:
        InputError: they exceed the machine's memory; the message gives both numbers.
    """
    there = physical_memory()
    if there is not None and needed > there:
        raise InputError(
            f"{what} would need {_gigabytes(needed)} GB of memory, and this machine has "
            f"{_gigabytes(there)} GB: make it smaller"
        )


def _limit(path: Path) -> int | None:
    """The limit in a file; None if there is no such file, or no limit ("max")."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _gigabytes(size: int) -> str:
    # Integers may be too large for a float.
    if size < 10**300:
        return f"{size / 1e9:.3g}"
    return f"more than 10^{math.floor(size.bit_length() * math.log10(2)) - 10}"
