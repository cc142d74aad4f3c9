"""How a text table is written: its separators, encoding and marks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from regkit.errors import InputError

BLANKS = "space"
"""The separator that stands for any number of blanks and tabs."""

_NAMES = {"tab": "\t", "\\t": "\t", " ": BLANKS}


@dataclass(frozen=True)
class Dialect:
    """How a text table is written; the defaults leave to regkit what it can tell for certain.

    Attributes:
        header: whether the first row holds names; None: it does if no cell in it is a number or a
            date.
        sep: the separator of the cells, one character; `tab`, or `space` for any number of blanks.
            None: tab, semicolon or comma, whichever fits.
        decimal: the decimal separator, point or comma. None: the one that the numbers prove, and
            the point in a table separated by commas.
        thousands: the separator of groups of digits, such as `,` or `'`; a blank stands for
            non-breaking blanks, too. None: there is none.
        encoding: the character encoding, as Python names it.
        na: further texts that stand for a missing value.
        comment: lines that start with this text are skipped.
    """

    header: bool | None = None
    sep: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    encoding: str = "utf-8"
    na: tuple[str, ...] = ()
    comment: str | None = None

    def __post_init__(self) -> None:
        """Check the values, and bring them into one form.

        Raises:
            InputError: one cannot be used, or two contradict each other.
        """
        if self.sep is not None:
            object.__setattr__(self, "sep", _NAMES.get(self.sep, self.sep))
        if self.thousands == BLANKS:
            object.__setattr__(self, "thousands", " ")
        object.__setattr__(self, "na", tuple(text.strip() for text in self.na))
        fault = self._fault()
        if fault:
            raise InputError(fault)

    @property
    def known_decimal(self) -> str | None:
        """The decimal separator as given, or as the thousands separator implies; else None."""
        if self.decimal is None and self.thousands is not None:
            return "," if self.thousands == "." else "."
        return self.decimal

    def _fault(self) -> str | None:
        sep, thousands = self.sep, self.thousands
        if sep is not None and sep != BLANKS and not _separates(sep):
            return (
                f"sep must be one character, 'tab' or 'space', and no digit or quote, got {sep!r}"
            )
        if self.decimal not in (None, ".", ","):
            return f"decimal must be '.' or ',', got {self.decimal!r}"
        if thousands is not None and not (thousands == " " or _separates(thousands, "'")):
            return f"thousands must be one character, such as ',', '.' or ' ', got {thousands!r}"
        if thousands is not None and thousands == self.decimal:
            return f"decimal and thousands must differ, got {thousands!r} for both"
        if self.comment is not None and not self.comment.strip():
            return f"comment must be a text such as '#', got {self.comment!r}"
        return None if _is_encoding(self.encoding) else _unknown_encoding(self.encoding)


def _separates(text: str, allowed: str = "") -> bool:
    """Whether it is one character that is no part of a word, a number or a quoted cell."""
    if len(text) != 1 or (text in "\r\n\"+-'" and text not in allowed):
        return False
    return text == "\t" or not (text.isalnum() or unicodedata.category(text).startswith("C"))


def _is_encoding(name: str) -> bool:
    try:
        b"a".decode(name)
    except UnicodeError:
        return True  # Such as UTF-16, where one byte is no character.
    except (LookupError, ValueError):
        return False
    return True


def _unknown_encoding(name: str) -> str:
    return f"encoding {name!r} is not known: use for example utf-8, latin-1, cp1252 or utf-16"
