"""Atomic writes: a kill or a full disk leaves the old file or the new one, never a part."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from regkit.errors import StorageError


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to a temporary file, sync it, and rename it to `path`.

    Raises:
        StorageError: it cannot be written; an earlier file is intact.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StorageError(
            f"cannot save {path}: {error.strerror}; what was saved there before is intact"
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can open a folder."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
