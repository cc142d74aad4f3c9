"""A table of numbers that fits the width of a terminal."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

GAP = 2
ROOMY = 9
"""The least width of a column, where there is room."""
SHORTEST = 9
"""The cells to which a penalty's heading may be shortened."""
ELLIPSIS = "…"


@dataclass(frozen=True)
class Column:
    """A column of numbers.

    Attributes:
        title: its heading.
        width: the cells that its numbers need.
        form: their format; those that would be too wide get fewer digits.
        is_penalty: whether it is one penalty of several.
    """

    title: str
    width: int
    form: str
    is_penalty: bool = False


LR = Column("lr", 9, ".6g")
PENALTY = Column("penalty", 8, ".3g")
"""The sum of all penalties, which takes the place of their columns where these do not fit."""


@dataclass(frozen=True)
class _Shown:
    """A column as it is shown."""

    column: Column
    heading: str
    width: int


def terminal_width() -> int | None:
    """The width of the terminal that stdout is; None if it is none, and nothing limits a row."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


class Layout:
    """Which columns are shown, how wide, and under which headings.

    Where they do not fit, these are done in turn until they do:

    1. columns become as narrow as their headings and values;
    2. headings of penalties are shortened, as far as they still differ;
    3. `lr` is left out;
    4. the penalties become one column, their sum `penalty`;
    5. `penalty` is left out.

    What remains, such as epoch, score, loss and data loss, is always shown.

    Args:
        columns: all of them, in order.
        width: the cells of a row; None for no limit.
    """

    def __init__(self, columns: Sequence[Column], width: int | None) -> None:
        without_lr = [one for one in columns if one != LR]
        summed = _summed(without_lr)
        bare = [one for one in summed if one != PENALTY]
        attempts: list[Callable[[], list[_Shown]]] = [
            lambda: _shown(columns, ROOMY),
            lambda: _shown(columns, 0),
            lambda: _shortened(columns, width or 0),
            lambda: _shown(without_lr, 0),
            lambda: _shortened(without_lr, width or 0),
            lambda: _shown(summed, 0),
            lambda: _shown(bare, 0),
        ]
        for attempt in attempts:
            self._shown = attempt()
            if width is None or _length(self._shown) <= width:
                break

    def header(self) -> str:
        """The headings."""
        return self._line([one.heading for one in self._shown])

    def row(self, numbers: Mapping[Column, float]) -> str:
        """The numbers of the columns, `PENALTY` among them, as one line."""
        return self._line(
            [fitted(numbers[one.column], one.column.form, one.width) for one in self._shown]
        )

    def _line(self, texts: Sequence[str]) -> str:
        padded = (
            " " * (one.width - cells(text)) + text
            for one, text in zip(self._shown, texts, strict=True)
        )
        return (" " * GAP).join(padded)


def fitted(number: float, form: str, width: int) -> str:
    """The number in this format, or with as many digits as the width has room for."""
    text = f"{number:{form}}"
    digits = 6
    while len(text) > width and digits:
        text = f"{number:.{digits}g}"
        digits -= 1
    return text


def cells(text: str) -> int:
    """The cells of a terminal that a text takes: two for a wide character, none for a mark."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def shortened(text: str, most: int) -> str:
    """The text in at most this many cells: its beginning and its end around an ellipsis."""
    if cells(text) <= most:
        return text
    start, end = text[: len(text) // 2], text[len(text) // 2 :]
    while cells(start + ELLIPSIS + end) > most:
        if cells(start) > cells(end):
            start = start[:-1]
        else:
            end = end[1:]
    return start + ELLIPSIS + end


def _summed(columns: Sequence[Column]) -> list[Column]:
    """The columns with one for all penalties, in the place of the first."""
    penalties = [one for one in columns if one.is_penalty]
    return [PENALTY if one in penalties else one for one in columns if one not in penalties[1:]]


def _shown(columns: Sequence[Column], least: int, longest: int | None = None) -> list[_Shown]:
    """The columns at their widths; `longest` is the limit of penalties' headings."""
    made = []
    for one in columns:
        shorten = one.is_penalty and longest is not None
        heading = shortened(one.title, longest or 0) if shorten else one.title
        made.append(_Shown(one, heading, max(cells(heading), one.width, least)))
    return made


def _shortened(columns: Sequence[Column], width: int) -> list[_Shown]:
    """The columns with the longest headings of penalties that fit, if these differ."""
    longest = max((cells(one.title) for one in columns if one.is_penalty), default=SHORTEST)
    for most in range(longest, SHORTEST - 1, -1):
        made = _shown(columns, 0, most)
        if _length(made) <= width:
            differ = len({one.heading for one in made}) == len(made)
            return made if differ else _shown(columns, 0)
    return _shown(columns, 0)


def _length(shown: Sequence[_Shown]) -> int:
    return sum(one.width for one in shown) + GAP * (len(shown) - 1)
