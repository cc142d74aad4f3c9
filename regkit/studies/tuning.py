"""What an arm of a comparison tries when its strengths are tuned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from regkit.catalogue.resolve import regularizer
from regkit.hooks.labels import labelled
from regkit.regularizers import Configured
from regkit.regularizers.table import Entry
from regkit.runs.config import Config
from regkit.studies.candidates import candidates
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
        axes = [(number, name) for number, one in enumerate(entries) for name in one.ranges]
        ranges = [entries[number].ranges[name] for number, name in axes]
        values = [
            [one.at(t) for one, t in zip(ranges, point, strict=True)]
            for point in candidates(count, len(axes))
        ]
    else:
        strengths = [_strength(one.entry, classes) for one in entries]
        axes = [(number, STRENGTH) for number, strength in enumerate(strengths) if strength]
        values = [
            [strengths[number] * FACTORS.at(t) for number, _ in axes]
            for (t,) in candidates(count, 1)
        ]
    if not axes:
        return [({}, config)]
    labels = _labels(entries, classes)
    titles = [
        labels[number] if name == STRENGTH else f"{labels[number]} {name}" for number, name in axes
    ]
    return [
        (
            dict(zip(titles, one, strict=True)),
            replace(config, reg=_filled(entries, axes, one)),
        )
        for one in dict.fromkeys(map(tuple, values))
    ]


def _filled(
    entries: Sequence[OpenEntry], axes: Sequence[tuple[int, str]], values: Sequence[float]
) -> tuple[Entry, ...]:
    """The regularizers with these values, each of its field of an entry."""
    given: list[dict[str, float]] = [{} for _ in entries]
    for (number, name), value in zip(axes, values, strict=True):
        given[number][name] = value
    return tuple(
        one.with_values(found) if found else one.entry
        for one, found in zip(entries, given, strict=True)
    )


def _strength(entry: Entry, classes: Sequence[type]) -> float:
    """The strength of a regularizer; 0 if it has none, such as a constraint."""
    made = regularizer(entry, classes)
    if not isinstance(made, Configured) or made.constraint:
        return 0.0
    return made.strength


def _labels(entries: Sequence[OpenEntry], classes: Sequence[type]) -> list[str]:
    """What records call the regularizers, whatever is tried."""
    lowest = [
        one.with_values({name: each.at(0.0) for name, each in one.ranges.items()})
        for one in entries
    ]
    return [one.label for one in labelled([regularizer(one, classes) for one in lowest])]
