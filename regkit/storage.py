"""Files of a run and of its results: written whole or not at all, and only ever regular files.

Neither a pipe nor a device nor a symbolic link that somebody put in a file's place can make a
command wait, or write elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from regkit.errors import InputError, StorageError

UNFINISHED = ".regkit-*.new"
"""The names of files that a kill left unfinished."""

_NEW = os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to a new file beside `path`, sync it, and rename it to `path`.

    A file that is replaced keeps its permissions.

    Raises:
        InputError: `path` is something else than a regular file.
        StorageError: it cannot be written; an earlier file is intact.
    """
    replaced = regular(path)
    beside = path.with_name(UNFINISHED.replace("*", os.urandom(8).hex()))
    try:
        descriptor = os.open(beside, _NEW | _NO_LINK | os.O_EXCL, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            if replaced is not None and os.name == "posix":
                os.fchmod(descriptor, stat.S_IMODE(replaced.st_mode) & 0o777)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        beside.replace(path)
        _sync_folder(path.parent)
    except (OSError, ValueError) as error:
        with contextlib.suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
        intact = "; what was saved there before is intact" if replaced is not None else ""
        raise StorageError(f"cannot save {path}: {reason(error)}{intact}") from error


def append(path: Path, content: bytes) -> None:
    """Append `content` to a file, which is created if needed, and sync it.

    Raises:
        InputError: `path` is something else than a regular file.
        StorageError: it cannot be written; the file then ends where it ended before.
    """
    regular(path)
    try:
        descriptor = os.open(path, _NEW | _NO_LINK | _NO_WAIT | os.O_APPEND, 0o666)
        try:
            found = os.fstat(descriptor)
            _require_regular(path, found)
            _write_all(descriptor, content, found.st_size)
        finally:
            os.close(descriptor)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot write {path}: {reason(error)}") from error


def read_whole(path: Path, *, most: int) -> bytes:
    """The bytes of a regular file.

    Args:
        path: the file.
        most: the largest size in bytes that makes sense for it.

    Raises:
        InputError: it cannot be read, is larger, or is something else than a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | getattr(os, "O_BINARY", 0))
        try:
            found = os.fstat(descriptor)
            _require_regular(path, found)
            if found.st_size > most:
                raise InputError(
                    f"{path} is damaged: it has {found.st_size} bytes, more than {most}"
                )
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(most)
        finally:
            os.close(descriptor)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {reason(error)}") from error


def regular(path: Path) -> os.stat_result | None:
    """What the system says of a file without opening it; None if there is none.

    Raises:
        InputError: it is something else than a regular file, such as a pipe or a symbolic link.
        StorageError: the system cannot tell.
    """
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StorageError(f"{path} cannot be used: {reason(error)}") from error
    _require_regular(path, found)
    return found


def reason(error: OSError | ValueError) -> str:
    """What went wrong, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _require_regular(path: Path, found: os.stat_result) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        raise InputError(f"{path} is {_KINDS.get(kind, 'something else')}, not a regular file")


def _write_all(descriptor: int, content: bytes, size: int) -> None:
    """Append to a file of this size, or leave it as it is."""
    rest = memoryview(content)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except BaseException:
        os.ftruncate(descriptor, size)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can open a folder."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
