"""Warnings about columns that are probably not what they are taken for."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np

from regkit.data.column import Column
from regkit.data.table import Table, listed
from regkit.warn import warn

FEWEST_ROWS = 10
"""With fewer rows, unique and consecutive values are no sign of anything."""

_NUMBER_AT_START = re.compile(r"[\W_]*\d")
_FIRST_DAY, _LAST_DAY = 19000101, 21001231


def warn_of_suspicious(table: Table) -> None:
    """Warn once for each kind of suspicion, with the columns that it applies to.

    The kinds are: text that begins with numbers; text that is different in most rows, such as
    names; consecutive integers, such as row numbers, and integers too large to be told apart as
    floats; integers that are dates, such as 20240131; and labels that differ only in case or
    blanks. The last applies to the target, too, and so does the first.

    Args:
        table: all rows, as read, with the target if it has one.
    """
    columns = [one for one in table.columns.values() if one.fault is None and len(one.values)]
    inputs = [one for one in columns if one.name != table.target]
    _warn(table, columns, _numbers_as_text, "text that begins with numbers is taken as categories")
    _warn(
        table, inputs, _unique_text, "text that differs in most rows, such as names, teaches little"
    )
    _warn(table, inputs, _row_numbers, "consecutive integers may be row numbers, not measurements")
    _warn(table, inputs, _large_integers, "integers too large to be told apart may be identifiers")
    _warn(table, inputs, _days, "integers such as 20240131 may be dates")
    _warn(table, columns, _variants, "labels that differ only in case or blanks are different")


def _warn(
    table: Table, columns: list[Column], example: Callable[[Column], str | None], what: str
) -> None:
    found = {one.name: shown for one in columns if (shown := example(one)) is not None}
    if found:
        warn(f"{table.source}: {what}: {_examples(found)}")


def _examples(found: Mapping[str, str], most: int = 5) -> str:
    shown = [f"{name!r} ({example})" for name, example in list(found.items())[:most]]
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(shown) + more


def _numbers_as_text(column: Column) -> str | None:
    """A category, where at least half of them begin with a number."""
    categories = () if column.declared else column.categories or ()
    alike = [text for text in categories if _NUMBER_AT_START.match(text)]
    return repr(alike[0]) if alike and 2 * len(alike) >= len(categories) else None


def _unique_text(column: Column) -> str | None:
    if column.categories is None:
        return None
    there = int(np.count_nonzero(~column.missing))
    distinct = len(column.labels)
    if there < FEWEST_ROWS or 2 * distinct <= there:
        return None
    return f"{distinct} different texts in {there} rows, such as {column.labels[0]!r}"


def _row_numbers(column: Column) -> str | None:
    integers = _integers(column)
    if integers is None or len(integers) < FEWEST_ROWS:
        return None
    low, high = int(integers.min()), int(integers.max())
    if high - low != len(integers) - 1 or len(np.unique(integers)) < len(integers):
        return None
    return f"{low} to {high}"


def _large_integers(column: Column) -> str | None:
    integers = _integers(column)
    if integers is None or integers.dtype.kind not in "iu":
        return None
    distinct = np.unique(integers)
    if len(np.unique(distinct.astype(np.float64))) == len(distinct):
        return None
    return str(distinct[-1])


def _days(column: Column) -> str | None:
    integers = _integers(column)
    if integers is None or integers.min() < _FIRST_DAY or integers.max() > _LAST_DAY:
        return None
    distinct = np.unique(integers).astype(np.int64)
    month, day = distinct // 100 % 100, distinct % 100
    if len(distinct) < 2 or not ((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all():
        return None
    return str(distinct[0])


def _variants(column: Column) -> str | None:
    """Two labels that differ only in case, blanks or the form of their characters."""
    alike = defaultdict(list)
    for text in column.categories or ():
        alike[" ".join(unicodedata.normalize("NFKC", text).casefold().split())].append(text)
    several = next((texts for texts in alike.values() if len(texts) > 1), None)
    return None if several is None else listed(several, most=3)


def _integers(column: Column) -> np.ndarray | None:
    """The values of a column of whole numbers without missing ones; None for other columns."""
    if column.categories is not None or column.boolean:
        return None
    there = column.values[~column.missing]
    if not there.size or not np.isfinite(there).all() or (there != np.floor(there)).any():
        return None
    return there
