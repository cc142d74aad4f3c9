"""Dates and times that are written as text."""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_NUMBER, _DAY_NUMBER = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_EITHER = rf"(?:{_DAY_NUMBER}{{0}}{_MONTH_NUMBER}|{_MONTH_NUMBER}{{0}}{_DAY_NUMBER})"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?"
_ZONE = r"(?:\s?(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?))?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"

_DATES = (
    rf"{_YEAR}([-/.]){_MONTH_NUMBER}\1{_DAY_NUMBER}",
    rf"{_YEAR}[-/]{_MONTH_NUMBER}",
    *(_EITHER.format(mark) + mark + _YEAR for mark in (r"\.", "/", "-")),
    *(_EITHER.format(mark) + mark + r"\d\d" for mark in ("/", "-")),
    r"(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d\d",
    rf"{_WEEKDAY}{_DAY_NUMBER}(?:st|nd|rd|th)?[-\s.]*{_MONTH}[-\s,]*(?:{_YEAR}|\d\d)",
    rf"{_WEEKDAY}{_MONTH}[-\s]*{_DAY_NUMBER}(?:st|nd|rd|th)?,?\s+{_YEAR}",
    rf"{_MONTH}[-\s]*{_YEAR}",
)
_TIMESTAMP = re.compile(
    rf"(?:{'|'.join(one.replace(chr(92) + '1', '(?P=mark)').replace('([', '(?P<mark>[') for one in _DATES)})"
    rf"(?:(?:t|,?\s+){_CLOCK}{_ZONE})?|{_CLOCK}{_ZONE}",
    re.IGNORECASE,
)


def is_date(text: str) -> bool:
    """Whether it is a date, a time, or both.

    Known are `2024-01-31` and `2024-01` with `-`, `/` or `.`; `31.01.2024`, `31/01/2024`,
    `1/31/24` and the like; and months by their English names, as in `31 Jan 2024`. A time such as
    `10:30`, `10:30:00.5` or `9:05 pm` may follow, or stand alone, with a time zone or without.
    """
    return _TIMESTAMP.fullmatch(text) is not None
