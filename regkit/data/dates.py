"""Dates and times that are written as text."""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_M, _D, _YEAR = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])", r"(?:1[5-9]|20|21)\d\d"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?"
_ZONE = r"(?:\s?(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?))?"


def _day_and_month(mark: str) -> str:
    return rf"(?:{_D}{mark}{_M}|{_M}{mark}{_D}){mark}"


_DATE = "|".join(
    [
        *(rf"{_YEAR}{mark}{_M}{mark}{_D}" for mark in ("-", "/", r"\.")),
        rf"{_YEAR}[-/]{_M}",
        *(_day_and_month(mark) + _YEAR for mark in ("-", "/", r"\.")),
        *(_day_and_month(mark) + r"\d\d" for mark in ("-", "/")),
        r"(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d\d",
        rf"{_WEEKDAY}{_D}(?:st|nd|rd|th)?[-\s.]*{_MONTH}[-\s,]*(?:{_YEAR}|\d\d)",
        rf"{_WEEKDAY}{_MONTH}[-\s]*{_D}(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"{_MONTH}[-\s]*{_YEAR}",
    ]
)
_TIMESTAMP = re.compile(
    rf"(?:{_DATE})(?:(?:t|,?\s+){_CLOCK}{_ZONE})?|{_CLOCK}{_ZONE}", re.IGNORECASE | re.ASCII
)


def is_date(text: str) -> bool:
    """Whether it is a date, a time, or both.

    Known are `2024-01-31` and `2024-01` with `-` or `/`, `2024.01.31`, `31.01.2024`, `31/01/2024`,
    `1/31/24` and the like, and months by their English names, as in `31 Jan 2024`. A time such as
    `10:30`, `10:30:00.5` or `9:05 pm` may follow, or stand alone, with a time zone or without.
    """
    return _TIMESTAMP.fullmatch(text) is not None
