"""The names of a text table's columns, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.data.dates import is_date
from regkit.data.numerals import BOOLS, COMMA, POINT, looks_like_number, plain
from regkit.data.table import require_different
from regkit.errors import DataError

_INFINITY = ("inf", "infinity")


def is_header(cells: Sequence[str]) -> bool:
    """Whether a first row holds names: no cell in it is a number, a bool or a date."""
    return not any(_is_value(cell.strip()) for cell in cells)


def require_names(
    source: str, names: Sequence[str], columns: Sequence[Sequence[str]], *, guessed: bool
) -> None:
    """Check the names in a first row.

    Args:
        source: the file's name, for messages.
        names: the names.
        columns: the cells below each of them.
        guessed: whether the caller did not say that the first row holds names.

    Raises:
        DataError: a name is empty or occurs twice, or a guess is in doubt, since there is only text
            below the names and one of them is also a value of its column.
    """
    if "" in names:
        raise DataError(
            f"{source}: column {names.index('') + 1} of the header has no name: give it one "
            "(a table from pandas: write it with index=False; from R: with row.names=FALSE)"
        )
    hint = "; if the first row holds values, use --no-header" if guessed else ""
    require_different(source, names, hint)
    if not guessed:
        return
    for name, cells in zip(names, columns, strict=True):
        if name in cells and not any(_is_value(cell) for one in columns for cell in one):
            raise DataError(
                f"{source}: {name!r} is in the first row, and again in row "
                f"{cells.index(name) + 1} below it: use --no-header if the first row holds values, "
                "--header if it holds names"
            )


def _is_value(cell: str) -> bool:
    if cell.lower() in _INFINITY:
        return False  # A name, for example of inflation.
    return (
        plain(cell, POINT) is not None
        or plain(cell, COMMA) is not None
        or cell in BOOLS
        or looks_like_number(cell)
        or is_date(cell)
    )
