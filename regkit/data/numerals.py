"""Numbers in text: with which separators they are written, and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Collection

POINT, COMMA = ".", ","
BOOLS = {"True": True, "true": True, "TRUE": True, "False": False, "false": False, "FALSE": False}
MISSING_MARKS = frozenset(
    [
        *("?", "??", "-", "--", "---", "–", "—", ".", "..", "...", "*", "**", "#", "/", "\\N"),
        *("#N/A", "#NA", "#VALUE!", "#DIV/0!", "#REF!", "#NUM!", "<NA>", "<NULL>", "-nan"),
        *(
            word
            for one in ("nan", "none", "null", "nil")
            for word in (one, one.title(), one.upper())
        ),
        *("n/a", "n.a.", "N.A.", "n.d.", "na", "missing", "Missing", "unknown", "Unknown"),
    ]
)
"""Texts that often stand for a missing value; they are taken so only where the caller says so."""

_BLANKS = " \t\u00a0\u2009\u202f"
_GROUPING = (",", ".", "'", "’", "_", *_BLANKS)
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_PLAIN = {
    mark: re.compile(
        rf"[+-]?(?:\d+(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+){_EXPONENT}", re.A
    )
    for mark in (POINT, COMMA)
}
_AMBIGUOUS = {
    mark: re.compile(rf"^[+-]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}$", re.A | re.M)
    for mark in (POINT, COMMA)
}
_PROOF = {
    mark: re.compile(
        rf"^(?![+-]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}$)"
        rf"[+-]?(?:\d+{re.escape(mark)}\d*|{re.escape(mark)}\d+){_EXPONENT}$",
        re.A | re.M,
    )
    for mark in (POINT, COMMA)
}
_ALL_PLAIN = re.compile(r"[0-9+\-.eE\n]*")
_INFINITY = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_ZERO_LED = re.compile(r"[+-]?0\d", re.A)
_ANY_ZERO_LED = re.compile(r"^[+-]?0\d", re.A | re.M)

_CURRENCY = r"(?:[$€£¥₹₽₩¢]|US\$|USD|EUR|GBP|CHF|JPY)"
_BODY = rf"(?:\d+(?:[.,]\d*)?|[.,]\d+|\d{{1,3}}(?:[.,'’_\s]\d{{2,3}})+(?:[.,]\d*)?){_EXPONENT}"
_ADORNED = re.compile(
    rf"\(?[-+−–]?\s?(?:{_CURRENCY}\s?)?\(?[-+−–]?\s?{_BODY}(?:\s?(?:[%‰]|{_CURRENCY}))?\)?-?"
)
_OTHER_BASE = re.compile(r"[+-]?0(?:[xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+)")


def plain(text: str, decimal: str = POINT, thousands: str | None = None) -> str | None:
    """The number as Python's `float` reads it, or None where the text is no number.

    Args:
        text: what may be a number.
        decimal: the decimal separator, point or comma.
        thousands: the separator of groups of digits, or None; a blank is any kind of blank.
    """
    if _PLAIN[decimal].fullmatch(text):
        return text.replace(decimal, POINT)
    if _INFINITY.fullmatch(text):
        return text
    if thousands is None:
        return None
    mark = f"[{_BLANKS}]" if thousands == " " else re.escape(thousands)
    # Groups of two digits before the last group are the Indian notation.
    grouped = rf"[+-]?\d{{1,3}}(?:{mark}\d{{3}})+|[+-]?\d{{1,2}}(?:{mark}\d{{2}})+{mark}\d{{3}}"
    if re.fullmatch(rf"(?:{grouped})(?:{re.escape(decimal)}\d*)?", text, re.A) is None:
        return None
    return re.sub(mark, "", text).replace(decimal, POINT)


def are_plain(texts: Collection[str]) -> bool:
    """Whether all are finite numbers with a decimal point and without needless zeros in front."""
    lines = "\n".join(texts)
    if _ALL_PLAIN.fullmatch(lines) is None or _ANY_ZERO_LED.search(lines):
        return False
    try:
        for one in texts:
            float(one)
    except ValueError:
        return False
    return True


def proves(lines: str, decimal: str) -> bool:
    """Whether a line is a number only with this decimal separator, as 1,5 and 0,125 and 1,2345."""
    return _PROOF[decimal].search(lines) is not None


def is_ambiguous(lines: str, mark: str) -> bool:
    """Whether in a line the mark may separate decimals or thousands, as in 1,100 and 1.100."""
    return _AMBIGUOUS[mark].search(lines) is not None


def grouping(text: str) -> str | None:
    """The separator of groups of digits in a number such as 1,234,567 or 1 234,56; else None."""
    for mark in _GROUPING:
        if mark in text:
            name = " " if mark in _BLANKS else mark
            for decimal in {POINT, COMMA} - {mark}:
                if plain(text, decimal, name) is not None:
                    return name
    return None


def looks_like_number(text: str) -> bool:
    """Whether a person reads a number that `plain` does not: 5 %, $3.50, (12), 0x1F, −4, 1 234."""
    return (
        _ADORNED.fullmatch(text) is not None
        or _OTHER_BASE.fullmatch(text) is not None
        or text.isnumeric()
    )


def is_zero_led(text: str) -> bool:
    """Whether digits begin with a zero that a number does not need, as codes do: 007."""
    return _ZERO_LED.match(text) is not None


def are_codes(texts: Collection[str]) -> bool:
    """Whether all are digits of one length, and one of them has a leading zero."""
    return (
        len(set(map(len, texts))) == 1
        and any(map(is_zero_led, texts))
        and all(one.isascii() and one.isdigit() for one in texts)
    )
