"""What a sweep searches: the numbers that specs and settings leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from regkit.errors import InputError
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import Config
from regkit.runs.settings import settings as all_settings
from regkit.studies.open_fields import Place, filled, open_places, titles_of
from regkit.studies.ranges import OpenEntry, Range, opened
from regkit.studies.search.open_settings import OpenSetting
from regkit.studies.settings import portable


@dataclass(frozen=True)
class SearchSpace:
    """The open numbers, by title.

    Attributes:
        config: the settings; those that are open have any value, and the regularizers are open.
        settings: the open settings.
        entries: the regularizers.
        places: the open fields of these.
        axes: the range of each number by its title: first those of regularizers, such as
            `l2@dense1` or `elastic_net l1_ratio`, then those of settings, such as `lr`, in
            the order of their declarations: samplers go by it, so the trials are the same in
            whatever order a mapping, a file or flags give the numbers.
    """

    config: Config
    settings: Sequence[OpenSetting]
    entries: Sequence[OpenEntry]
    places: Sequence[Place]
    axes: Mapping[str, Range]

    def at(self, values: Mapping[str, float]) -> Config:
        """The settings with these numbers, by title."""
        of_fields = [values[title] for title in list(self.axes)[: len(self.places)]]
        of_settings: dict[str, Any] = {one.name: one.value(values) for one in self.settings}
        reg = filled(self.entries, self.places, of_fields)
        return replace(self.config, reg=reg or (RESERVED,), **of_settings)

    def end(self, t: float) -> Config:
        """The settings with every number at its lower end (t = 0) or its upper one (t = 1)."""
        return self.at({title: one.at(t) for title, one in self.axes.items()})

    def portable(self, classes: Sequence[type]) -> SearchSpace:
        """The same space, with whole paths in its settings and regularizers.

        Raises:
            RegkitError: a regularizer cannot be made.
        """
        moved = portable(self.end(0.0), classes)
        ranges: list[dict[str, str]] = [
            {name: str(one) for name, one in entry.ranges.items()} for entry in self.entries
        ]
        reg = [] if RESERVED in moved.reg else moved.reg
        entries = [
            opened(opened(one, classes).with_values(found) if found else one, classes)
            for one, found in zip(reg, ranges, strict=True)
        ]
        return replace(self, config=moved, entries=entries)

    def as_settings(self) -> dict[str, str]:
        """The open settings as a plan holds them, by key."""
        return {one.key: str(one) for one in self.settings}


def search_space(
    config: Config, settings: Mapping[str, OpenSetting], classes: Sequence[type] = ()
) -> SearchSpace:
    """Find what is left open.

    Args:
        config: the settings, whose regularizers may hold ranges.
        settings: those that are open, by name.
        classes: regularizer classes that are not installed.

    Raises:
        InputError: nothing is left open, a strength is `auto`, or two numbers have one title.
        RegkitError: a regularizer cannot be made at an end of its ranges.
    """
    if RESERVED in config.reg and len(config.reg) > 1:
        raise InputError(f"--reg {RESERVED} means no regularizer: give it alone")
    entries = [opened(one, classes) for one in config.reg if one != RESERVED]
    for one in entries:
        if one.is_auto:
            raise InputError(
                f"{one.entry}: strength auto is for regkit path; give a range such as 1e-5..1e-1"
            )
    places = open_places(entries)
    axes = dict(
        zip(
            titles_of(entries, places, classes),
            (entries[number].ranges[name] for number, name in places),
            strict=True,
        )
    )
    declared = [settings[one.name] for one in all_settings() if one.name in settings]
    for setting in declared:
        for title, range_ in setting.ranges.items():
            if title in axes:
                raise InputError(
                    f"{title!r} is a setting and a regularizer's label: give another label"
                )
            axes[title] = range_
    if not axes:
        raise InputError(
            "a sweep needs a range, and no number is left open: write one as LOW..HIGH, such as "
            "--reg 'l2=1e-5..1e-1' or --lr 1e-3..1e-1"
        )
    return SearchSpace(config, declared, entries, places, axes)
