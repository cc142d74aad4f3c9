"""The bytes of a data file."""

from __future__ import annotations

import gzip
import stat
import zlib
from pathlib import Path

from regkit.errors import DataError

_GZIP = b"\x1f\x8b"


def content(path: Path) -> bytes:
    """The bytes of a file, decompressed if it is a gzip file.

    Raises:
        DataError: it is not a regular file, cannot be read, or is empty.
    """
    try:
        mode = path.stat().st_mode
        # Reading a pipe would block, and a device may have no end.
        read = path.read_bytes() if stat.S_ISREG(mode) else None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise DataError(f"{str(path)!r} is not a path: {error}") from error
    if read is None:
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise DataError(f"{path} is {what}: give a data file")
    if read.startswith(_GZIP):
        try:
            read = gzip.decompress(read)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{path} is a damaged gzip file: {error}") from error
    if not read:
        raise DataError(f"{path} is empty")
    return read
