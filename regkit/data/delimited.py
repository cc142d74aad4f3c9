"""Columns from text separated by commas, semicolons or tabs.

polars reads the text. Python's csv module reads the first rows before that to find the separator
and the header, and all rows only after a failure, to report the line.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import Any

from regkit.data.column import Column
from regkit.data.frames import frame_columns
from regkit.data.optional_modules import optional_module
from regkit.data.table import require_different
from regkit.data.text_types import typed
from regkit.errors import DataError

SEPARATORS = ("\t", ";", ",")
_HEAD_ROWS = 20
_HEAD_CHARACTERS = 1 << 20
_NUMBER = re.compile(r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*")


def delimited_columns(source: str, content: bytes, header: bool | None) -> list[Column]:
    """The columns of a CSV file. Rows in which every cell is empty are left out.

    Args:
        source: the file's name, for messages.
        content: UTF-8, with or without a byte order mark.
        header: whether the first row holds names; None: it does if no cell in it is a number.

    Raises:
        DataError: the content is not UTF-8 text, its rows differ in length, it has no rows, or
            polars is not installed.
    """
    polars = optional_module("polars", source)
    text = _text(source, content)
    separator, first = _head(source, text)
    if header is None:
        header = not any(_NUMBER.fullmatch(cell) for cell in first)
    names = _names(source, first) if header else [f"column_{i + 1}" for i in range(len(first))]
    frame = _frame(polars, source, text, separator, names, int(header))
    return frame_columns(*typed(polars, frame, decimal_comma=separator != ","))


def _text(source: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        encoding = "UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "not UTF-8"
        raise DataError(
            f"{source} is {encoding} (byte 0x{content[error.start]:02x} in line {line}): "
            "save it as UTF-8"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{source} is not text: there is a zero byte in line {line}")
    if "\n" not in text:
        text = text.replace("\r", "\n")  # Line ends of the classic Mac OS.
    text = text.lstrip("\r\n")
    if not text.strip():
        raise DataError(f"{source} is empty")
    return text


def _head(source: str, text: str) -> tuple[str, list[str]]:
    """The separator, and the cells of the first row.

    The separator is the first of tab, semicolon and comma that splits each of the first rows into
    the same number of cells; failing that, the one that splits the first row into the most.
    """
    heads = {}
    for separator in SEPARATORS:
        reader = csv.reader(io.StringIO(text[:_HEAD_CHARACTERS], newline=""), delimiter=separator)
        try:
            heads[separator] = list(islice(filter(None, reader), _HEAD_ROWS))
        except csv.Error as error:
            raise DataError(f"{source} cannot be read as CSV: {error}") from error
    for separator, rows in heads.items():
        if len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            return separator, rows[0]
    best = max(reversed(SEPARATORS), key=lambda separator: len(heads[separator][0]))
    return best, heads[best][0]


def _names(source: str, cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if "" in names:
        raise DataError(
            f"{source}: column {names.index('') + 1} of the header has no name: give it one "
            "(a table from pandas: write it with index=False)"
        )
    require_different(source, names)
    return names


def _frame(polars: Any, source: str, text: str, separator: str, names: list[str], skip: int) -> Any:
    """The rows after the first `skip` as a frame of text cells, stripped."""
    schema = dict.fromkeys(names, polars.String)
    try:
        frame = polars.read_csv(
            text.encode(), has_header=False, skip_rows=skip, separator=separator, schema=schema
        )
    except polars.exceptions.PolarsError:
        # polars refuses some valid quotes inside cells, and does not report the line.
        rows = _rows(source, text, separator, len(names))
        frame = polars.DataFrame(rows[skip:], schema, orient="row")
    frame = frame.select(polars.all().str.strip_chars().fill_null(""))
    if (frame[names[-1]] == "").any():
        # polars pads a row that is too short, so the row then ends in an empty cell.
        _rows(source, text, separator, len(names))
    return frame.filter(~polars.all_horizontal(polars.all() == ""))


def _rows(source: str, text: str, separator: str, width: int) -> list[list[str]]:
    """All rows, read by Python's csv module.

    Raises:
        DataError: a row does not have `width` cells, or a quote is not closed; the message names
            the line.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for row in filter(None, reader):
            if len(row) != width:
                raise DataError(
                    f"{source}: line {reader.line_num} has {len(row)} "
                    f"cell{'s' if len(row) != 1 else ''}, the first row {width}"
                )
            rows.append(row)
    except csv.Error as error:
        raise DataError(f"{source}: line {reader.line_num}: {error}") from error
    return rows
