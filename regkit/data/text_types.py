"""Columns from cells of text: numbers, bools or categories."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from regkit.data.column import Column, integer_column, text_column
from regkit.data.dates import is_date
from regkit.data.notation import Notation, advice
from regkit.data.numerals import (
    BOOLS,
    MISSING_MARKS,
    are_codes,
    is_zero_led,
    looks_like_number,
)
from regkit.data.spelling import spelled

MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "NULL"})
"""Cells that stand for a missing value."""

_WHOLE = frozenset("0123456789+-")


def typed(name: str, texts: Sequence[str | None], notation: Notation) -> Column:
    """A column from its cells.

    Numbers, if all are numbers; bools, if all are true or false; otherwise categories. Digits of
    one length with zeros in front, such as 007, are codes, which are categories.

    The column gets a fault if most of its cells are numbers, or look like numbers, but not all are
    plain numbers, since that is more often a mistake than intended; and if at least half of them
    are dates.

    Args:
        name: the column's name.
        texts: stripped cells; None is a missing value.
        notation: how numbers are written in the table.
    """
    distinct = {text for text in texts if text is not None}
    if not distinct:
        return Column(name, np.full(len(texts), math.nan))
    if distinct <= BOOLS.keys():
        return _bool_column(name, texts)
    numbers = notation.numbers(distinct)
    plain = {text: number for text, number in numbers.items() if number is not None}
    if len(plain) == len(numbers):
        column = _number_column(name, texts, plain)
        decimal = notation.decimal_in(distinct)
        shows = decimal is not None and any(decimal in text for text in distinct)
        return replace(column, decimal=decimal) if shows else column
    if are_codes(distinct):
        return text_column(name, texts)
    fault = _fault(name, texts, numbers)
    if fault is None:
        return text_column(name, texts)
    categories = {text: _category(text, number) for text, number in numbers.items()}
    return text_column(name, [None if t is None else categories[t] for t in texts], fault)


def _bool_column(name: str, texts: Sequence[str | None]) -> Column:
    if None in texts:
        values = [math.nan if text is None else float(BOOLS[text]) for text in texts]
        return Column(name, np.array(values), boolean=True)
    return Column(name, np.array([BOOLS[text] for text in texts if text is not None]))


def _number_column(name: str, texts: Sequence[str | None], numbers: Mapping[str, str]) -> Column:
    if _WHOLE.issuperset("".join(numbers.values())):
        integers = {text: _integer(number) for text, number in numbers.items()}
        return integer_column(name, [None if text is None else integers[text] for text in texts])
    value_of: dict[str | None, float] = {text: float(one) for text, one in numbers.items()}
    value_of[None] = math.nan
    return Column(name, np.fromiter(map(value_of.__getitem__, texts), np.float64, len(texts)))


def _integer(number: str) -> int:
    # Python refuses to convert thousands of digits; with 400 it is beyond all floats, too.
    return int(number[:400])


def _category(text: str, number: str | None) -> str:
    if number is None:
        return text
    return spelled(_integer(number) if _WHOLE.issuperset(number) else float(number))


def _fault(name: str, texts: Sequence[str | None], numbers: Mapping[str, str | None]) -> str | None:
    """Why a column of which not all cells are plain numbers cannot be used as it is, or None."""
    counts = Counter(text for text in texts if text is not None)
    total = counts.total()

    def rows(some: Collection[str]) -> int:
        return sum(counts[text] for text in some)

    odd = {text for text, number in numbers.items() if number is None}
    dates = date_fault(name, texts, odd)
    if dates is not None:
        return dates
    alike = {text for text in odd if is_zero_led(text) or looks_like_number(text)}
    if len(odd) == len(numbers) and not alike:
        return None
    if 2 * rows(odd - alike - MISSING_MARKS) >= total:
        return None
    if 2 * rows(odd) < total or not alike:
        row, text = _first(texts, odd)
        what = f"numbers except for {text!r} in row {row} ({rows(odd)} of {total} values are not)"
    else:
        row, text = _first(texts, alike)
        what = f"text that looks like numbers, such as {text!r} in row {row}"
    return f"column {name!r} holds {what}: {advice(text)}, or use --categorical or --drop"


def date_fault(
    name: str, texts: Sequence[str | None], candidates: Collection[str] | None = None
) -> str | None:
    """What is wrong with a column of which at least half are dates written as text, or None.

    Args:
        name: the column's name.
        texts: its cells; None is a missing value.
        candidates: the distinct texts that may be dates; None for all.
    """
    counts = Counter(text for text in texts if text is not None)
    dates = {text for text in candidates or counts if is_date(text)}
    if not dates or 2 * sum(counts[text] for text in dates) < counts.total():
        return None
    row, text = _first(texts, dates)
    return (
        f"column {name!r} holds dates or times, such as {text!r} in row {row}: turn them into "
        "numbers, or use --drop, or --categorical to take them as categories"
    )


def _first(texts: Sequence[str | None], wanted: Collection[str]) -> tuple[int, str]:
    """The first of the wanted texts, and its row, counted from 1."""
    return next((row, text) for row, text in enumerate(texts, start=1) if text in wanted and text)
