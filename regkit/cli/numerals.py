"""Numbers on the command line, and what a text that is nearly one was meant to be."""

from __future__ import annotations

import re
from typing import Any

import click

from regkit.suggestions import DASHES

_KINDS: dict[type, click.ParamType[Any]] = {int: click.INT, float: click.FLOAT}
_COMMA = re.compile(r"([+-]?\d+),(\d+(?:e[+-]?\d+)?)", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")


class Number(click.ParamType[float]):
    """A number of this type; the error for `0,05` or `1e4` shows how to write it."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self.name = _KINDS[kind].name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
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


class Sizes(click.ParamType[tuple[int, ...]]):
    """Layer sizes, as in `64,64`; `none` for no hidden layer."""

    name = "SIZES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """The sizes as integers of at least 1."""
        if isinstance(value, tuple):
            return value
        if value == "none":
            return ()
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
