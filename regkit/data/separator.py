"""The separator of a text table's cells."""

from __future__ import annotations

import re
from itertools import islice

from regkit.data.dialect import BLANKS
from regkit.data.rows import rows_of
from regkit.errors import DataError

SEPARATORS = ("\t", ";", ",")
_NOT_TRIED = {"|": r"\|", BLANKS: r"[ \t]+", ":": ":", "^": r"\^", "~": "~"}
_HEAD_ROWS = 20
_HEAD_CHARACTERS = 1 << 20


def separator_of(source: str, text: str, comment: str | None) -> str:
    """The first of tab, semicolon and comma that fits.

    It fits if it splits each of the first rows into the same number of cells, two or more. If none
    does, the one that splits the first row into the most cells is taken.

    Raises:
        DataError: none separates anything, but another character would.
    """
    heads = {separator: _head(source, text, separator, comment) for separator in SEPARATORS}
    for separator, rows in heads.items():
        if len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            return separator
    best = max(reversed(SEPARATORS), key=lambda separator: len(heads[separator][0]))
    if max(map(len, heads[best])) == 1:
        _require_one_column(source, [row[0] for row in heads[best]])
    return best


def _head(source: str, text: str, separator: str, comment: str | None) -> list[list[str]]:
    """The cells of the first rows, as far as they lie in the first characters of the text."""
    rows = rows_of(source, text[:_HEAD_CHARACTERS], separator, comment=comment, strict=False)
    found = [one.cells for one in islice((row for row in rows if row.cells), _HEAD_ROWS)]
    if len(text) > _HEAD_CHARACTERS and 1 < len(found) < _HEAD_ROWS:
        found.pop()  # It may be cut off.
    if not found:
        raise DataError(f"{source} is empty but for comments")
    return found


def _require_one_column(source: str, cells: list[str]) -> None:
    """Refuse rows that each fall into the same number of parts at a separator that is not tried."""
    for separator, pattern in _NOT_TRIED.items():
        parts = {len(re.split(pattern, cell.strip())) for cell in cells}
        if len(parts) == 1 and parts != {1}:
            shown = separator if separator.isalpha() else f"'{separator}'"
            what = "blanks" if separator == BLANKS else f"{separator!r}"
            raise DataError(
                f"{source} holds one column, but {what} would separate {parts.pop()}: use --sep "
                f"{shown}, or --sep , if there is only one"
            )
