"""How the numbers of a text table are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from regkit.data.dialect import Dialect
from regkit.data.numerals import (
    COMMA,
    MISSING_MARKS,
    POINT,
    are_plain,
    grouping,
    is_ambiguous,
    is_zero_led,
    plain,
    proves,
)

_NUMERIC = frozenset("0123456789+-.,eE\n")


@dataclass(frozen=True)
class Notation:
    """The separators in a table's numbers.

    Attributes:
        decimal: the decimal separator, or None if the table's numbers do not tell it.
        certain: whether it holds for all columns, because the caller gave it or commas separate the
            cells; otherwise a column may prove another one.
        thousands: the separator of groups of digits, or None.
    """

    decimal: str | None
    certain: bool
    thousands: str | None = None

    @classmethod
    def of(cls, columns: Iterable[Collection[str]], dialect: Dialect, separator: str) -> Notation:
        """The notation of a table, from the distinct texts of its columns."""
        if dialect.known_decimal is not None:
            return cls(dialect.known_decimal, True, dialect.thousands)
        if separator == COMMA:
            return cls(POINT, True)
        proven = set()
        for texts in columns:
            lines = "\n".join(texts)
            if _NUMERIC.issuperset(lines):
                proven |= {mark for mark in (POINT, COMMA) if proves(lines, mark)}
        return cls(proven.pop() if len(proven) == 1 else None, False)

    def decimal_in(self, texts: Collection[str]) -> str | None:
        """The decimal separator of a column with these texts, or None if it is ambiguous."""
        if self.certain:
            return self.decimal
        lines = "\n".join(texts)
        proven = [mark for mark in (POINT, COMMA) if proves(lines, mark)]
        if proven:
            return proven[0]
        if self.decimal is None and (is_ambiguous(lines, POINT) or is_ambiguous(lines, COMMA)):
            return None
        return self.decimal or POINT

    def numbers(self, texts: Collection[str]) -> dict[str, str | None]:
        """For each text of a column the number as `float` reads it, or None if it is none.

        Numbers with needless zeros in front, and ambiguous ones, are none.
        """
        decimal = self.decimal_in(texts)
        if decimal == POINT and are_plain(texts):
            return {text: text for text in texts}
        return {text: self._number(text, decimal) for text in texts}

    def _number(self, text: str, decimal: str | None) -> str | None:
        if is_zero_led(text):
            return None
        if decimal is None and (is_ambiguous(text, POINT) or is_ambiguous(text, COMMA)):
            return None
        return plain(text, decimal or POINT, self.thousands)


def advice(text: str) -> str:
    """What to do about text that is no plain number: the flag that decides, where there is one."""
    if text in MISSING_MARKS:
        return f"use --na '{text}' if it stands for a missing value"
    for mark in (COMMA, POINT):
        if is_ambiguous(text, mark):
            whole, fraction = text.replace(mark, ""), text.replace(mark, POINT)
            return (
                f"the separator is ambiguous, it may be {whole} or {fraction}: use --thousands "
                f"'{mark}' or --decimal '{mark}'"
            )
    for mark in (COMMA, POINT):
        if proves(text, mark) and not is_zero_led(text):
            return f"use --decimal '{mark}'"
    mark_of_groups = grouping(text)
    if mark_of_groups is not None:
        shown = "space" if mark_of_groups == " " else repr(mark_of_groups)
        if mark_of_groups in (POINT, COMMA):
            return f"use --thousands {shown}"  # The other one is the decimal separator.
        decimal = COMMA if plain(text, POINT, mark_of_groups) is None else POINT
        return f"use --thousands {shown} --decimal '{decimal}'"
    return "correct the file"
