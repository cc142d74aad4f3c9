"""`metrics.jsonl`: one line per record, independent of the clock."""

from __future__ import annotations

import json
import os
from pathlib import Path

from regkit.errors import InputError, StorageError
from regkit.storage import write_whole
from regkit.training import Record


class Metrics:
    """The file, to which a run appends."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, record: Record) -> None:
        """Append a record and sync it to disk.

        Raises:
            StorageError: it cannot be written; the file then ends with the previous record.
        """
        size = self.path.stat().st_size if self.path.exists() else 0
        try:
            with self.path.open("ab") as file:
                file.write(line_of(record).encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            os.truncate(self.path, size)
            raise StorageError(f"cannot write {self.path}: {error.strerror}") from error

    def read(self) -> list[Record]:
        """The records; a last line that a kill truncated is left out.

        Raises:
            InputError: a line is not a record.
        """
        return [record for record, _ in self._read()]

    def read_lines(self) -> dict[int, str]:
        """The lines of the file by epoch, as `line_of` writes them.

        Raises:
            InputError: a line is not a record.
        """
        return {record.epoch: line for record, line in self._read()}

    def _read(self) -> list[tuple[Record, str]]:
        if not self.path.exists():
            return []
        *whole, _ = self.path.read_bytes().split(b"\n")
        found = []
        for number, text in enumerate(whole, start=1):
            try:
                plain = json.loads(text)
                found.append((Record.from_dict(plain), _as_line(plain)))
            except (ValueError, RecursionError) as error:
                raise InputError(
                    f"{self.path}, line {number} is not a record of a run: {error}"
                ) from error
        return found

    def cut(self, epoch: int, log_every: int) -> list[Record]:
        """Keep the records that an uninterrupted run has when it enters `epoch`, and return them.

        The last record of a run that now goes further is removed too, unless it was due anyway.

        Raises:
            InputError: a line is not a record.
            StorageError: the file cannot be written.
        """
        kept = [
            record
            for record in self.read()
            if record.epoch < epoch and record.epoch % log_every == 0
        ]
        write_whole(self.path, "".join(map(line_of, kept)).encode())
        return kept


def line_of(record: Record) -> str:
    """The line of a record; records are the same if their lines are."""
    return _as_line(record.as_dict())


def _as_line(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False) + "\n"
