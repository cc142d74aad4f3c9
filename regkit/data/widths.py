"""Rows of equal width, and what separators at the end of lines and row names make of it."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.data.rows import Row
from regkit.errors import DataError
from regkit.warn import warn


def below_header(
    source: str, names: list[str], rows: Sequence[Row], hint: str
) -> tuple[list[str], list[list[str]]]:
    """The names and the cells of the rows below them, one for each name.

    A separator at the end of each row, or of the header, makes no cell.

    Args:
        source: the file's name, for messages.
        names: the cells of the header.
        rows: the rows below it.
        hint: ends the message about a row of another width.

    Raises:
        DataError: the rows differ in width, or have one cell more than the header.
    """
    width = len(names)
    widths = {len(row.cells) for row in rows if row.cells}
    if widths == {width + 1}:
        if any(row.cells[-1].strip() for row in rows if row.cells):
            raise DataError(
                f"{source}: every row has one cell more than the header: give the first column a "
                "name (a table from R: write it with row.names=FALSE)"
            )
        rows = [row._replace(cells=row.cells[:-1]) for row in rows]
    elif width > 1 and not names[-1] and widths == {width - 1}:
        names = names[:-1]
    return names, even_cells(source, rows, len(names), hint)


def even_cells(source: str, rows: Sequence[Row], width: int, hint: str) -> list[list[str]]:
    """The cells of rows that all have this width.

    In a table of one column, an empty line is an empty cell.

    Raises:
        DataError: a row has another width, or a line between two rows is empty; the message names
            the line and ends in `hint`.
    """
    if width > 1:
        rows = _without_empty_ends(rows)
    cells = [row.cells or [""] for row in rows]
    if any(len(one) != width for one in cells):
        odd = next(row for row in rows if len(row.cells or [""]) != width)
        _refuse(source, odd, width, hint)
    _warn_of_swallowed(source, rows, width)
    return cells


def without_nameless_ends(
    names: list[str], columns: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """The names and columns without empty columns at the end that have no name."""
    end = len(names)
    while end > 1 and not names[end - 1] and not any(columns[end - 1]):
        end -= 1
    return names[:end], columns[:end]


def _without_empty_ends(rows: Sequence[Row]) -> Sequence[Row]:
    filled = [number for number, row in enumerate(rows) if row.cells]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _refuse(source: str, row: Row, width: int, hint: str) -> None:
    where = f"line {row.first}" + (f" to {row.last}" if row.last > row.first else "")
    if not row.cells:
        raise DataError(
            f"{source}: {where} is empty: remove it, or write a row of missing values with a "
            "separator between each two cells"
        )
    count = len(row.cells)
    cells = f"{count} cell{'s' if count != 1 else ''}"
    raise DataError(f"{source}: {where} has {cells}, the first row {width}{hint}")


def _warn_of_swallowed(source: str, rows: Sequence[Row], width: int) -> None:
    """Warn of a quoted cell over several lines, each of which could be a row of its own."""
    for row in rows:
        if width > 1 and set(row.separators) == {width - 1}:
            warn(
                f"{source}: a quoted cell makes lines {row.first} to {row.last} one row, though "
                "each of them has as many separators as a row: is a quote wrong there?"
            )
