"""Columns from text separated by commas, semicolons, tabs or another character.

The rows are those that Python's csv module reads: none vanishes, and none is invented.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from regkit.data.column import Column
from regkit.data.decoding import decoded
from regkit.data.dialect import Dialect
from regkit.data.header import is_header, require_names
from regkit.data.notation import Notation
from regkit.data.rows import Row, rows_of
from regkit.data.separator import separator_of
from regkit.data.text_types import MISSING, typed
from regkit.data.widths import below_header, even_cells, without_nameless_ends
from regkit.errors import DataError

_EXCEL = re.compile(r'"?sep=([^\w"\s]|\t)"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)
"""A first line by which a table tells Excel its separator."""


def delimited_columns(source: str, content: bytes, dialect: Dialect) -> list[Column]:
    """The columns of a text table.

    Blanks around a cell do not count. In a table of one column an empty line is a row with a
    missing value; in others it is an error, except before the first row and after the last one. A
    row whose cells are all empty is a row of missing values. A separator at the end of each line
    makes no column.

    Args:
        source: the file's name, for messages.
        content: the file's bytes.
        dialect: how the table is written.

    Raises:
        DataError: the content is not text, it cannot be read as CSV, its rows differ in length, or
            its separator or its names are in doubt; the message names the line, and the flag that
            decides.
    """
    text = decoded(source, content, dialect.encoding)
    excel = _EXCEL.match(text)
    if excel is not None:
        text = text[excel.end() :]
        dialect = replace(dialect, sep=dialect.sep or excel[1])
    separator = dialect.sep or separator_of(source, text, dialect.comment)
    first_line = 1 if excel is None else 2
    rows = rows_of(source, text, separator, comment=dialect.comment, first_line=first_line)
    names, columns = _names_and_cells(source, list(rows), dialect, separator)
    missing = [_missing(set(cells), dialect.na) for cells in columns]
    texts = [
        [None if cell in gone else cell for cell in cells]
        for cells, gone in zip(columns, missing, strict=True)
    ]
    there = [set(cells) - gone for cells, gone in zip(columns, missing, strict=True)]
    notation = Notation.of(there, dialect, separator)
    return [typed(name, one, notation) for name, one in zip(names, texts, strict=True)]


def _missing(cells: Set[str], na: Sequence[str]) -> Set[str]:
    """The cells that stand for a missing value; -999 stands for -999.0, too."""
    marks = MISSING.union(na)
    numbers = {number for text in na if (number := _number(text)) is not None}
    if not numbers:
        return marks
    return marks | {cell for cell in cells if _number(cell) in numbers}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _names_and_cells(
    source: str, rows: Sequence[Row], dialect: Dialect, separator: str
) -> tuple[list[str], list[list[str]]]:
    """The columns' names, and the stripped cells of each column."""
    start = next((number for number, row in enumerate(rows) if row.cells), None)
    if start is None:
        raise DataError(f"{source} holds no rows")
    first = [cell.strip() for cell in rows[start].cells]
    guessed = dialect.header is None
    has_header = is_header(first) if guessed else dialect.header
    hint = "" if dialect.sep else f": is {separator!r} not the separator? Use --sep"
    if not has_header:
        names = [f"column_{number}" for number in range(1, len(first) + 1)]
        return names, _turned(names, even_cells(source, rows, len(first), hint))
    names, cells = below_header(source, first, rows[start + 1 :], hint)
    names, columns = without_nameless_ends(names, _turned(names, cells))
    require_names(source, names, columns, guessed=guessed)
    return names, columns


def _turned(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells by column, stripped."""
    if not rows:
        return [[] for _ in names]
    return [[cell.strip() for cell in cells] for cells in zip(*rows, strict=True)]
