"""The types of text columns: integers, floats or text."""

from __future__ import annotations

from typing import Any

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")
"""Cells that stand for a missing value."""

_LEADING_ZERO = r"^[+-]?0\d"


def typed(polars: Any, frame: Any, *, decimal_comma: bool) -> tuple[Any, dict[str, str]]:
    """Convert the columns of a frame of text to integers or floats where possible.

    Missing values become null. A column is numeric if all its other cells are numbers. Numbers with
    leading zeros, such as 007, are codes and stay text. A column of which most cells, but not all,
    are numbers stays text and gets a fault, since it is more often a mistake than intended.

    Args:
        polars: the module.
        frame: columns of stripped text without nulls.
        decimal_comma: whether 1,5 is read as 1.5.

    Returns:
        The frame, and the faults by column name.
    """
    cells = polars.all()
    texts = frame.select(polars.when(~cells.is_in(MISSING)).then(cells))
    plain = texts.select(cells.str.replace(",", ".", literal=True)) if decimal_comma else texts
    numbers = plain.select(cells.cast(polars.Float64, strict=False))
    integers = texts.select(cells.cast(polars.Int64, strict=False))
    codes = texts.select(cells.str.contains(_LEADING_ZERO).any())
    series, faults = [], {}
    for text, number, integer, code in zip(texts, numbers, integers, codes, strict=True):
        missing = text.null_count()
        odd = number.null_count() - missing
        if odd == 0 and not code[0]:
            series.append(integer if integer.null_count() == missing else number)
            continue
        series.append(text)
        if not code[0] and 2 * odd < len(text) - missing:
            row = (number.is_null() & text.is_not_null()).arg_max()
            faults[text.name] = (
                f"column {text.name!r} holds numbers except for {text[row]!r} in row {row + 1} "
                f"({odd} of {len(text) - missing} values are not): correct the file, or use "
                "--categorical or --drop"
            )
    return polars.DataFrame(series), faults
