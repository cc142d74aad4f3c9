"""The rows of a text table, as Python's csv module reads them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from regkit.data.dialect import BLANKS
from regkit.errors import DataError

_QUOTED_OR_BLANKS = re.compile(r'("(?:[^"]|"")*")|[ \t]+')


class Row(NamedTuple):
    """A row: its cells, which are none on an empty line, and its first and last line in the file.

    `separators` are the numbers of separators on its lines, if it has several.
    """

    cells: list[str]
    first: int
    last: int
    separators: tuple[int, ...] = ()


def rows_of(
    source: str,
    text: str,
    separator: str,
    *,
    comment: str | None = None,
    first_line: int = 1,
    strict: bool = True,
) -> Iterator[Row]:
    """The rows of a text, one for each row of `csv.reader`.

    Args:
        source: the file's name, for messages.
        text: the rows.
        separator: one character, or "space" for any number of blanks.
        comment: lines that start with it are skipped, except inside of a quoted cell.
        first_line: the number of the text's first line in the file.
        strict: whether to refuse a quote that is not closed, and text after a closing quote.

    Raises:
        DataError: the text cannot be read as CSV; the message names the line.
    """
    blanks = separator == BLANKS
    lines = _Lines(text, comment, first_line, blanks)
    reader = csv.reader(lines, delimiter=" " if blanks else separator, strict=strict)
    while True:
        lines.record.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f"{source}: {lines.place()}: {error} (inside of quotes, a quote is written twice)"
            ) from error
        if cells is None:
            return
        separators: tuple[int, ...] = ()
        if len(lines.record) > 1:
            if blanks:
                raise DataError(
                    f"{source}: {lines.place()}: a quoted cell must end on its line where blanks "
                    "separate the cells"
                )
            separators = tuple(line.count(separator) for line in lines.record)
        yield Row(cells, lines.first, lines.number, separators)


class _Lines:
    """The lines of a text, without comments, and those that belong to the row being read."""

    def __init__(self, text: str, comment: str | None, first_line: int, blanks: bool) -> None:
        # Without newline="", a carriage return inside of a quoted cell would be changed.
        self._lines = io.StringIO(text, newline="")
        self._comment = comment
        self._blanks = blanks
        self.number = first_line - 1
        self.record: list[str] = []

    @property
    def first(self) -> int:
        return self.number - max(len(self.record), 1) + 1

    def place(self) -> str:
        return f"line {self.first}" + (f" to {self.number}" if len(self.record) > 1 else "")

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            self.number += 1
            if self._comment is not None and not self.record and line.startswith(self._comment):
                continue
            self.record.append(line)
            return _separated_by_one_blank(line) if self._blanks else line
        raise StopIteration


def _separated_by_one_blank(line: str) -> str:
    return _QUOTED_OR_BLANKS.sub(lambda found: found[1] or " ", line.strip())
