"""Nested entries, such as records, as a data frame of scalars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from regkit.data.optional_modules import optional_module


def frame_of_entries(entries: Iterable[Mapping[str, Any]], purpose: str) -> Any:
    """A data frame with a row for each entry and columns of scalars.

    The names of nested entries are joined by dots, such as `test.accuracy`; those that are None are
    left out.

    Args:
        entries: nested mappings of plain data.
        purpose: what the frame is for, for the message.

    Returns:
        A pandas frame; a polars frame where pandas is not installed.

    Raises:
        DataError: neither is installed.
    """
    rows = [dict(_flat("", entry)) for entry in entries]
    module = "pandas" if find_spec("pandas") else "polars"
    return optional_module(module, purpose).DataFrame(rows)


def _flat(prefix: str, entry: object) -> Iterator[tuple[str, object]]:
    """The scalars of nested mappings under dotted names."""
    if isinstance(entry, Mapping):
        for name, inner in entry.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    elif entry is not None:
        yield prefix, entry
