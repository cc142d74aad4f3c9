"""`metrics.jsonl`: one line per record, independent of the clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from regkit.errors import InputError
from regkit.storage import append, read_whole, regular, write_whole
from regkit.training import Record

MOST_BYTES = 2**30
"""No file of records is larger."""


class Metrics:
    """The file, to which a run appends."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, record: Record) -> None:
        """Append a record and sync it to disk.

        Raises:
            StorageError: it cannot be written; the file then ends with the previous record.
        """
        append(self.path, line_of(record).encode())

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
        if regular(self.path) is None:
            return []
        *whole, _ = read_whole(self.path, most=MOST_BYTES).split(b"\n")
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

    @staticmethod
    def missing(records: Sequence[Record], epoch: int, log_every: int) -> tuple[int, int]:
        """How many records an uninterrupted run has before `epoch` and `records` lack.

        The second number is the epoch of the first of them.
        """
        there = {record.epoch for record in records}
        due = -(-epoch // log_every)
        return due - len(there), next(one for one in count(0, log_every) if one not in there)

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
