"""The distributions on the path, and the files of their metadata.

In folders they are found here: to import `importlib.metadata`, with parsers of e-mail and of
archives, takes half as long as to import NumPy. It is asked for archives on the path alone.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = (".dist-info", ".egg-info")
"""How the names of folders with metadata end."""


@dataclass(frozen=True)
class Distribution:
    """A distribution.

    Attributes:
        name: its name, normalized.
        root: what its metadata lie in.
        read: the text of one of the files of its metadata; None where there is no such file.
    """

    name: str
    root: Path
    read: Callable[[str], str | None]

    def fields(self) -> dict[str, str]:
        """The fields of its metadata that stand on one line."""
        text = self.read("METADATA") or self.read("PKG-INFO") or ""
        fields, _, _ = text.partition("\n\n")
        pairs = (line.partition(":") for line in fields.splitlines() if line[:1].strip())
        return {name: value.strip() for name, _, value in pairs}


def distributions() -> Iterator[Distribution]:
    """Those on the path; the first of a name hides the others, as for imports."""
    found = set()
    for entry in sys.path:
        for one in _in_archive(entry) if Path(entry).is_file() else _in_folder(entry):
            if one.name not in found:
                found.add(one.name)
                yield one


def normalized(distribution: str) -> str:
    """A distribution's name, normalized as in PEP 503."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _in_folder(entry: str) -> Iterator[Distribution]:
    root = Path(entry or ".")
    try:
        with os.scandir(root) as entries:
            names = [one.name for one in entries if one.name.endswith(KINDS)]
    except OSError:
        return
    for name in names:
        called, _, _ = name.rpartition(".")[0].partition("-")
        yield Distribution(normalized(called), root, _Folder(root / name))


def _in_archive(entry: str) -> Iterator[Distribution]:
    from importlib import metadata

    for one in metadata.distributions(path=[entry]):
        yield Distribution(normalized(one.name), Path(entry), one.read_text)


@dataclass(frozen=True)
class _Folder:
    """A folder with metadata."""

    path: Path

    def __call__(self, name: str) -> str | None:
        """The text of a file."""
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
            return None
