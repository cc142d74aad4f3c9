"""A field that names an array in a file: reference weights, masks, groups."""

from __future__ import annotations

import functools
import hashlib
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regkit.errors import FieldError, InputError
from regkit.storage import read_whole, reason

if TYPE_CHECKING:
    from regkit.array_types import Array

# The array's name may hold dots and colons, and the path a drive letter.
_TEXT = re.compile(r"(?P<path>.+?\.np[yz])(?::(?P<name>.+))?", re.IGNORECASE | re.DOTALL)
_FORM = "PATH or PATH:ARRAY of an NPZ or NPY file, such as start.npz:dense1.weights"


class File:
    """One array of numbers in an NPY or NPZ file, read once, when it is first needed.

    Its text is `PATH`, or `PATH:ARRAY` for one of several arrays of an NPZ file. A relative path
    refers to the working directory, or to `folder`. Files are equal if path and name are.

    Args:
        path: the text, or the path alone.
        name: the array in an NPZ file; None if the text says it, or if the file holds only one.
        folder: what a relative path refers to instead of the working directory.

    Attributes:
        path: the path of the file.
        name: the name of the array, or None.

    Raises:
        FieldError: the text does not name an NPZ or NPY file.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        folder: str | os.PathLike[str] | None = None,
    ) -> None:
        found = _TEXT.fullmatch(os.fspath(path))
        if found is None or (name is not None and found["name"] is not None):
            raise FieldError(f"a file is given as {_FORM}; got {os.fspath(path)!r}")
        self.path = Path(folder or "") / found["path"]
        self.name = name if name is not None else found["name"]

    @functools.cached_property
    def digest(self) -> str:
        """The SHA-256 of the file's contents, as they were read."""
        return self._read[0]

    @functools.cached_property
    def array(self) -> Array:
        """The array, read-only, in the type in which it was saved.

        Raises:
            FieldError: the file cannot be read, has no such array, has several and none is named,
                or the array holds something else than numbers and booleans, or NaN.
        """
        return self._read[1]

    @functools.cached_property
    def _read(self) -> tuple[str, Array]:
        try:
            content = read_whole(self.path, most=self.path.stat().st_size)
        except FileNotFoundError:
            seen = "" if self.path.is_absolute() else f" (seen from {Path.cwd()})"
            raise FieldError(f"{self.path} does not exist{seen}") from None
        except OSError as error:
            raise FieldError(f"{self.path} cannot be read: {reason(error)}") from error
        except InputError as error:
            raise FieldError(str(error)) from error
        array = _array(content, self.path, self.name)
        array.flags.writeable = False
        return hashlib.sha256(content).hexdigest(), array

    def __getstate__(self) -> dict[str, Any]:
        # Where it is unpickled the file may not exist.
        return {"path": self.path, "name": self.name, "_read": self._read}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._read[1].flags.writeable = False

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.name}" if self.name else self.path.as_posix()

    def __repr__(self) -> str:
        return f"File({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, File):
            return NotImplemented
        return (self.path, self.name) == (other.path, other.name)

    def __hash__(self) -> int:
        return hash((self.path, self.name))


def _array(content: bytes, path: Path, name: str | None) -> Array:
    import zipfile
    import zlib

    import numpy as np

    try:
        loaded = np.load(io.BytesIO(content), allow_pickle=False)
        found = loaded if isinstance(loaded, np.ndarray) else loaded[_chosen(loaded, path, name)]
    except FieldError:
        raise
    except (ValueError, OSError, EOFError, LookupError, zipfile.BadZipFile, zlib.error) as error:
        if "allow_pickle" in str(error):
            raise FieldError(f"{path} holds Python objects, not an array of numbers") from error
        raise FieldError(f"{path} is not an NPZ or NPY file, or is damaged: {error}") from error
    if isinstance(loaded, np.ndarray) and name is not None:
        raise FieldError(f"{path} holds one array without a name: leave out ':{name}'")
    if found.dtype.kind not in "biuf":
        raise FieldError(f"{path} holds {found.dtype} where numbers are needed")
    if np.isnan(found).any():
        raise FieldError(f"{path} holds entries that are not a number (NaN)")
    return np.array(found)


def _chosen(archive: Any, path: Path, name: str | None) -> str:
    """The name of the array that is meant."""
    names = list(archive.files)
    if name is None and len(names) == 1:
        return str(names[0])
    if name in names:
        return str(name)
    there_is = ", ".join(names) or "none"
    if name is None:
        raise FieldError(
            f"{path} holds {len(names)} arrays: name one, such as {path}:{names[0]} "
            f"(arrays: {there_is})"
            if names
            else f"{path} holds no array"
        )
    raise FieldError(f"{path} holds no array {name!r} (arrays: {there_is})")
