"""Numbers on the command line, and what a text that is nearly one was meant to be."""

from __future__ import annotations

import re
from typing import Any

import click

from regkit.arguments import RANGE
from regkit.runs.config_file import OF_SWEEPS
from regkit.suggestions import DASHES

_KINDS: dict[type, click.ParamType[Any]] = {int: click.INT, float: click.FLOAT}
_COMMA = re.compile(r"([+-]?\d+),(\d+(?:e[+-]?\d+)?)", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")


class Number(click.ParamType[float | str]):
    """A number of this type; the error for `0,05` or `1e4` shows how to write it.

    Args:
        kind: int or float.
        ranges: whether it may be a range `LOW..HIGH`, which stays text.
    """

    def __init__(self, kind: type, *, ranges: bool = False) -> None:
        self._kind = kind
        self._ranges = ranges
        self.name = _KINDS[kind].name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """The number, or the text of a range."""
        if isinstance(value, str) and RANGE in value:
            if self._ranges:
                return value
            self.fail(f"{value!r} is not one number; {OF_SWEEPS}", param, ctx)
        try:
            number: float = _KINDS[self._kind].convert(value, param, ctx)
        except click.BadParameter:
            meant = self._meant(str(value))
            if meant is None:
                raise
            self.fail(f"{value!r} is not a valid {self.name}: write {meant}", param, ctx)
        return number

    def _meant(self, text: str) -> str | None:
        """The number in Python's form; None if it cannot be told, as of `1,000` for a float."""
        plain = text.translate(DASHES).strip()
        if _GROUPED.fullmatch(plain):
            return plain.replace(",", "") if self._kind is int else None
        plain = _COMMA.sub(r"\1.\2", plain)
        share = plain.endswith("%")
        try:
            number = float(plain.rstrip("%"))
            whole = int(number)
        except (ValueError, OverflowError):
            return None
        if self._kind is float:
            return f"{number / 100:g}" if share else plain
        return str(whole) if whole == number and not share else None


class Sizes(click.ParamType[tuple[int, ...] | str]):
    """Layer sizes, as in `64,64`; `none` for no hidden layer.

    Args:
        ranges: whether some may be ranges `LOW..HIGH`, which leaves the whole text as it is.
    """

    name = "SIZES"

    def __init__(self, *, ranges: bool = False) -> None:
        self._ranges = ranges

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...] | str:
        """The sizes as integers of at least 1, or a text with ranges."""
        if isinstance(value, tuple):
            return value
        if value == "none":
            return ()
        if RANGE in value:
            if self._ranges:
                return str(value)
            self.fail(f"{value!r} is not a list of layer sizes; {OF_SWEEPS}", param, ctx)
        sizes = [int(part) if part.strip().isdecimal() else 0 for part in value.split(",")]
        if min(sizes) < 1:
            self.fail(f"{value!r} is not a list of layer sizes such as 64 or 64,64", param, ctx)
        return tuple(sizes)


class Threads(click.ParamType[int | None]):
    """A number of threads, or `auto` (None), which lets regkit choose."""

    name = "N|auto"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        """The number, or None for `auto`."""
        return None if value == "auto" else click.INT.convert(value, param, ctx)
