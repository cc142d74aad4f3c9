"""The numbers that several regularizers leave open: their names, and filling them in."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.catalogue.resolve import regularizer
from regkit.hooks.labels import labelled
from regkit.regularizers.table import Entry
from regkit.studies.ranges import STRENGTH, OpenEntry

Place = tuple[int, str]
"""The position of a regularizer, and the name of its field."""


def open_places(entries: Sequence[OpenEntry]) -> list[Place]:
    """The fields that are ranges, in order."""
    return [(number, name) for number, one in enumerate(entries) for name in one.ranges]


def titles_of(
    entries: Sequence[OpenEntry], places: Sequence[Place], classes: Sequence[type] = ()
) -> list[str]:
    """What the fields are called: by the regularizer's label, and a field's name beside it.

    Raises:
        RegkitError: a regularizer cannot be made.
    """
    lowest = [
        one.with_values({name: each.at(0.0) for name, each in one.ranges.items()})
        for one in entries
    ]
    labels = [one.label for one in labelled([regularizer(one, classes) for one in lowest])]
    return [
        labels[number] if name == STRENGTH else f"{labels[number]} {name}"
        for number, name in places
    ]


def filled(
    entries: Sequence[OpenEntry], places: Sequence[Place], values: Sequence[float]
) -> tuple[Entry, ...]:
    """The regularizers with these values, each of its field of an entry."""
    given: list[dict[str, float]] = [{} for _ in entries]
    for (number, name), value in zip(places, values, strict=True):
        given[number][name] = value
    return tuple(
        one.with_values(found) if found else one.entry
        for one, found in zip(entries, given, strict=True)
    )
