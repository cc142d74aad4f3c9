"""What an arm of a comparison tries when its strengths are tuned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from regkit.catalogue.resolve import regularizer
from regkit.regularizers import Configured
from regkit.regularizers.table import Entry
from regkit.runs.config import Config
from regkit.studies.comparisons.candidates import candidates
from regkit.studies.open_fields import filled, open_places, titles_of
from regkit.studies.ranges import STRENGTH, OpenEntry, Range

FACTORS = Range(1e-2, 1e2, logarithmic=True)
"""Tuning multiplies given strengths by these factors."""


def tuned(
    config: Config, entries: Sequence[OpenEntry], count: int, classes: Sequence[type] = ()
) -> list[tuple[dict[str, float], Config]]:
    """The settings to try, and by label the strengths and other numbers that they stand for.

    Ranges are covered evenly, several of them jointly. Without a range all strengths are multiplied
    by one factor, from 1/100 to 100. Without strengths there is nothing to try but what is given.

    Args:
        config: the settings, whose regularizers are replaced.
        entries: the regularizers.
        count: how many to try; fewer, where a range of integers holds fewer.
        classes: regularizer classes that are not installed.

    Raises:
        RegkitError: a regularizer cannot be made.
    """
    if any(one.ranges for one in entries):
        places = open_places(entries)
        ranges = [entries[number].ranges[name] for number, name in places]
        values = [
            [one.at(t) for one, t in zip(ranges, point, strict=True)]
            for point in candidates(count, len(places))
        ]
    else:
        strengths = [_strength(one.entry, classes) for one in entries]
        places = [(number, STRENGTH) for number, strength in enumerate(strengths) if strength]
        values = [
            [strengths[number] * FACTORS.at(t) for number, _ in places]
            for (t,) in candidates(count, 1)
        ]
    if not places:
        return [({}, config)]
    titles = titles_of(entries, places, classes)
    return [
        (
            dict(zip(titles, one, strict=True)),
            replace(config, reg=filled(entries, places, one)),
        )
        for one in dict.fromkeys(map(tuple, values))
    ]


def _strength(entry: Entry, classes: Sequence[type]) -> float:
    """The strength of a regularizer; 0 if it has none, such as a constraint."""
    made = regularizer(entry, classes)
    if not isinstance(made, Configured) or made.constraint:
        return 0.0
    return made.strength
