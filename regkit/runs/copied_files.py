"""The files of a run's regularizers, and their copies in the run's folder.

A run keeps a copy of each file that a field names, and its settings name the copy, so that it can
be resumed and verified when the original is gone or has changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regkit.catalogue.resolve import regularizer
from regkit.errors import InputError
from regkit.regularizers import Configured
from regkit.regularizers.file import File
from regkit.regularizers.table import Entry, Table, read
from regkit.runs.config import Config
from regkit.runs.folder import COPIES, digest
from regkit.storage import reason

_UNUSUAL = re.compile(r"[^\w.-]")


@dataclass(frozen=True)
class CopiedFile:
    """A file of a regularizer: its name in the run's folder, and the file that was read."""

    name: str
    file: File

    @property
    def digest(self) -> str:
        """The SHA-256 of what was read."""
        return self.file.digest

    def content(self) -> bytes:
        """What is copied.

        Raises:
            InputError: the file has changed since it was read, or can no longer be read.
        """
        try:
            content = self.file.path.read_bytes()
        except OSError as error:
            raise InputError(f"{self.file.path} cannot be read: {reason(error)}") from error
        if digest(content) != self.digest:
            raise InputError(f"{self.file.path} has changed since it was read: start again")
        return content


def holding_files(entry: Entry, regularizer: Any) -> Entry:
    """The entry of a regularizer whose fields name files, as a table that holds them.

    Others are returned as they are.
    """
    fields = vars(regularizer) if isinstance(regularizer, Configured) else {}
    files = {name: value for name, value in fields.items() if isinstance(value, File)}
    if not files:
        return entry
    parsed = read(entry)
    given = {name: fields[name] for name in parsed.fields if fields[name] is not None}
    values = tuple({**given, **files}.items())
    return Table(parsed.name, parsed.distribution, values, parsed.selectors)


def copied_files(config: Config) -> Sequence[CopiedFile]:
    """The files that the settings' regularizers name, each once, as they are called in the folder.

    The names of the copies of copies are the same.
    """
    found: dict[Path, CopiedFile] = {}
    taken: set[str] = set()
    for file in (one for entry in config.reg if isinstance(entry, Table) for one in entry.files):
        place = file.path.absolute()
        if place in found:
            continue
        number, name = 1, _UNUSUAL.sub("_", file.path.name)
        while name in taken:
            number += 1
            name = f"{_UNUSUAL.sub('_', file.path.stem)}-{number}{file.path.suffix}"
        taken.add(name)
        found[place] = CopiedFile(f"{COPIES}/{name}", file)
    return list(found.values())


def with_copies(config: Config) -> Config:
    """The settings, with the files' places in the run's folder, to which they are relative."""
    names = {one.file.path.absolute(): one.name for one in copied_files(config)}
    return replace(config, reg=tuple(_moved(entry, names) for entry in config.reg))


def _moved(entry: Entry, names: dict[Path, str]) -> Entry:
    if not isinstance(entry, Table) or not entry.files:
        return entry
    return entry.with_fields(
        **{
            name: File(names[value.path.absolute()], value.name)
            for name, value in entry.values
            if isinstance(value, File)
        }
    )


def with_whole_paths(config: Config, classes: Sequence[type]) -> Config:
    """The settings, with the files of tables named as they are found from any folder.

    Raises:
        RegkitError: a regularizer that a configuration file describes cannot be made.
    """
    entries = [
        holding_files(entry, regularizer(entry, classes))
        if isinstance(entry, Table) and entry.source is not None
        else entry
        for entry in config.reg
    ]
    files = [file for entry in entries if isinstance(entry, Table) for file in entry.files]
    names = {file.path.absolute(): str(file.path.absolute()) for file in files}
    return replace(config, reg=tuple(_moved(entry, names) for entry in entries))
