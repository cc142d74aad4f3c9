"""Refusing what cannot fit this machine's memory, before it is allocated."""

from __future__ import annotations

import os

from regkit.errors import InputError


def physical_memory() -> int | None:
    """The machine's memory in bytes; None where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


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
            f"{what} would need {needed / 1e9:.3g} GB of memory, and this machine has "
            f"{there / 1e9:.3g} GB: make it smaller"
        )
