"""The regularizers of a path: one whose strength is left open, and others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from regkit.errors import InputError
from regkit.regularizers import Configured
from regkit.regularizers.spec import RESERVED
from regkit.regularizers.table import Entry, Table, read
from regkit.runs.config import Config
from regkit.studies.ranges import STRENGTH, OpenEntry, opened
from regkit.studies.settings import portable


def as_entries(reg: Any) -> list[Entry]:
    """What `path` takes as `reg`, as entries of settings: one, or several."""
    one_alone = isinstance(reg, str | Table | Mapping | Configured)
    if not one_alone and not isinstance(reg, Sequence):
        raise InputError(
            "reg must be a spec such as 'l1=auto@dense1.weights', or a list with one, got "
            f"{reg!r:.60}"
        )
    given = [reg] if one_alone else list(reg)
    found: list[Entry] = []
    for one in given:
        if isinstance(one, Mapping):
            found.append(Table.of(one))
        else:
            found.append(str(one) if isinstance(one, Configured) else one)
    return found


def open_place(reg: Sequence[Entry], classes: Sequence[type]) -> tuple[int, OpenEntry]:
    """The one regularizer whose strength is left open, and its place among them.

    Raises:
        InputError: there is none, or there are several; or another field is left open.
        SpecError: as for `opened`.
        FieldError: likewise.
    """
    if RESERVED in reg and len(reg) > 1:
        raise InputError(f"--reg {RESERVED} means no regularizer: give it alone")
    entries = [opened(one, classes) for one in reg if one != RESERVED]
    open_ones = [(place, one) for place, one in enumerate(entries) if one.is_open]
    for _, one in open_ones:
        others = [name for name in one.ranges if name != STRENGTH]
        if others:
            raise InputError(
                f"{one.entry}: a path goes along the strength alone: give {others[0]} one value"
            )
    if len(open_ones) != 1:
        count = "none has" if not open_ones else f"{len(open_ones)} have"
        raise InputError(
            f"a path needs one regularizer with the strength auto or LOW..HIGH, {count}: give one "
            "such as 'l1=auto@dense1.weights'"
        )
    return open_ones[0]


@dataclass(frozen=True)
class OpenSettings:
    """Settings in which the strength of one regularizer is left open.

    Attributes:
        config: the settings.
        place: which regularizer it is.
        entry: the same, read.
    """

    config: Config
    place: int
    entry: OpenEntry

    @classmethod
    def of(cls, config: Config, place: int, classes: Sequence[type]) -> Self:
        """Read what is open once, where many strengths follow."""
        return cls(config, place, opened(config.reg[place], classes))

    def at(self, strength: float) -> Config:
        """The settings with a strength in place of what was left open."""
        reg = list(self.config.reg)
        reg[self.place] = self.entry.with_strength(strength)
        return replace(self.config, reg=tuple(reg))


def at_strength(config: Config, place: int, strength: float, classes: Sequence[type]) -> Config:
    """The settings with a strength in place of what was left open."""
    return OpenSettings.of(config, place, classes).at(strength)


def portable_path(config: Config, place: int, classes: Sequence[type]) -> Config:
    """The settings as they travel, with the path's place left open."""
    left_open = read(config.reg[place]).fields[STRENGTH]
    moved = portable(at_strength(config, place, 1.0, classes), classes)
    reg = [
        opened(one, classes).with_values({STRENGTH: left_open}) if number == place else one
        for number, one in enumerate(moved.reg)
    ]
    return replace(moved, reg=tuple(reg))


def weak(entry: OpenEntry) -> float:
    """A strength at which the penalty can be set up."""
    return entry.ranges[STRENGTH].low if STRENGTH in entry.ranges else 1e-6


def gives_zeros(penalty: object) -> bool:
    """Whether a penalty sets weights to exactly 0."""
    return getattr(penalty, "mode", "loss") == "prox" and getattr(penalty, "sparsifying", False)
