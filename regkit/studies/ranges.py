"""Numbers that a study decides: a range `LOW..HIGH`, or `auto` for a path's strength."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from regkit.arguments import RANGE
from regkit.catalogue.resolve import describe, regularizer
from regkit.errors import FieldError, InputError, RegkitError
from regkit.regularizers.field import AUTO, Field, is_open
from regkit.regularizers.file import File
from regkit.regularizers.spec import text_of
from regkit.regularizers.table import Entry, Table, read

STRENGTH = "strength"


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`.

    Attributes:
        low: the least.
        high: the largest.
        logarithmic: whether equal steps multiply, as for strengths, or add.
        integer: whether they are integers.
    """

    low: float
    high: float
    logarithmic: bool = False
    integer: bool = False

    def at(self, t: float) -> float:
        """The number at t in [0, 1]: low · (high/low)ᵗ, or low + t · (high − low)."""
        if t in (0.0, 1.0):  # Without rounding at the ends.
            found = self.high if t else self.low
        elif self.logarithmic:
            found = self.low * (self.high / self.low) ** t
        else:
            found = self.low + t * (self.high - self.low)
        return round(found) if self.integer else found

    def position(self, number: float) -> float:
        """The t in [0, 1] of a number of the range, 0 at its lower end and 1 at its upper one."""
        if self.logarithmic:
            return math.log(number / self.low) / math.log(self.high / self.low)
        return (number - self.low) / (self.high - self.low)

    def __str__(self) -> str:
        ends = (int(self.low), int(self.high)) if self.integer else (self.low, self.high)
        return RANGE.join(map(repr, ends))


@dataclass(frozen=True)
class OpenEntry:
    """A regularizer of the settings, in which numbers may be left open.

    Attributes:
        entry: the spec or table, as it was given.
        ranges: the fields that are ranges, in the order of their declarations.
        is_auto: whether the strength is `auto`.
    """

    entry: Entry
    ranges: Mapping[str, Range]
    is_auto: bool

    @property
    def is_open(self) -> bool:
        """Whether anything is left open."""
        return self.is_auto or bool(self.ranges)

    def with_values(self, values: Mapping[str, Any]) -> Entry:
        """The entry with these values in place of the given or open ones."""
        parsed = read(self.entry)
        if isinstance(parsed, Table):
            return parsed.with_fields(**values)
        texts = {name: text_of(value) for name, value in values.items()}
        # The strength comes first in a spec.
        fields = {**({STRENGTH: texts[STRENGTH]} if STRENGTH in texts else {}), **parsed.fields}
        return str(replace(parsed, fields={**fields, **texts}))

    def with_strength(self, strength: float) -> Entry:
        """The entry with this strength."""
        return self.with_values({STRENGTH: strength})


def opened(entry: Entry, classes: Sequence[type] = ()) -> OpenEntry:
    """Find what a regularizer of the settings leaves open.

    Args:
        entry: a spec, such as `"l2=1e-5..1e-1@dense1"` or `"l1=auto"`, or a table.
        classes: regularizer classes that are not installed.

    Raises:
        SpecError: as for `regkit.regularizer`.
        FieldError: a range stands for something else than a number, has no numbers or the wrong
            order; or `auto` stands for something else than the strength; or the regularizer cannot
            be made at an end of a range.
    """
    parsed = read(entry)
    texts = {
        name: value
        for name, value in parsed.fields.items()
        if isinstance(value, str) and is_open(value)
    }
    if not texts:
        return OpenEntry(entry, {}, is_auto=False)
    fields = {field.name: field for field in describe(parsed.full_name, classes).fields}
    is_auto = texts.get(STRENGTH) == AUTO
    if is_auto and STRENGTH not in fields:
        raise FieldError(f"{_shown(entry)}: it has no strength to choose")
    ranges: dict[str, Range] = {}
    for name, text in texts.items():
        if name not in fields:
            regularizer(entry, classes)  # It refuses the field, and says what there is.
        field = fields[name]
        if text != AUTO and field.kind is not File:  # A path may hold two dots.
            ranges[name] = _range(entry, field, text)
        elif text == AUTO and name != STRENGTH and field.kind in (float, int):
            raise FieldError(
                f"{_shown(entry)}: {AUTO} is for the strength: give {name} a number, or LOW..HIGH"
            )
    declared = {name: ranges[name] for name in fields if name in ranges}
    result = OpenEntry(entry, declared, is_auto)
    if not result.is_open:
        return result
    for end in (0.0, 1.0):
        values = {name: one.at(end) for name, one in ranges.items()}
        try:
            regularizer(
                result.with_values({**({STRENGTH: 1.0} if is_auto else {}), **values}), classes
            )
        except RegkitError as error:
            raise type(error)(f"{_shown(entry)}: {error}") from error
    return result


def read_range(
    text: str,
    where: str,
    *,
    name: str = "",
    integer: bool,
    logarithmic: str | None = None,
    error: type[InputError] = FieldError,
) -> Range:
    """The range that a text `LOW..HIGH` gives.

    Args:
        text: the range.
        where: what begins a message.
        name: of the field, for messages.
        integer: whether the numbers are integers.
        logarithmic: what the numbers are, in words, if the range is logarithmic.
        error: the class of what is raised.

    Raises:
        InputError: it has no two dots between two finite numbers, or they are in the wrong order,
            or not above 0 in a logarithmic range.
    """
    given = f"{name}={text}" if name else text
    if "..." in text:  # 1...5 may mean 1 to 5, or 1 to .5.
        raise error(f"{where}: write LOW..HIGH with two dots, and 0.5 instead of .5 after them")
    low, _, high = text.partition(RANGE)
    try:
        ends = float(low), float(high)
    except ValueError:
        raise error(f"{where}: {given} is no range of numbers, such as 1e-5..1e-1") from None
    if not all(map(math.isfinite, ends)):
        raise error(f"{where}: the ends of {given} must be finite")
    if not ends[0] < ends[1]:
        raise error(f"{where}: {given} must go from a smaller number to a larger one")
    if logarithmic is not None and ends[0] <= 0:
        raise error(
            f"{where}: a range of {logarithmic} is logarithmic, so {low.strip()} must be above 0, "
            f"such as {1 if integer else 1e-6}"
        )
    if integer and not all(end.is_integer() for end in ends):
        raise error(f"{where}: the ends of {given} must be integers")
    return Range(*ends, logarithmic=logarithmic is not None, integer=integer)


def _range(entry: Entry, field: Field, text: str) -> Range:
    if field.kind not in (float, int):
        raise FieldError(
            f"{_shown(entry)}: {field.name} is {field.type_name}, and a range LOW..HIGH is for "
            "numbers: give one value"
        )
    return read_range(
        text.strip(),
        _shown(entry),
        name=field.name,
        integer=field.kind is int,
        logarithmic="strengths" if field.name == STRENGTH else None,
    )


def _shown(entry: Entry) -> str:
    return repr(str(entry).strip())
