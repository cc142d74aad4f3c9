"""A drawing: a figure, what it shows in words, its numbers, and points that tell their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regkit.reports.pictures.plain_ticks import use_plain_ticks

WIDTH = 4.2
HEIGHT = 2.9
"""In inches: readable where a phone shows 360 pixels."""

MOST_MARKS = 60
"""So many points of a curve tell their values, evenly spaced."""


@dataclass(frozen=True)
class Mark:
    """A point that tells its value.

    Attributes:
        panel: where it lies.
        x: in the panel's data coordinates.
        y: likewise.
        text: what it tells.
    """

    panel: Axes
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Numbers:
    """A table of texts.

    Attributes:
        columns: their titles.
        rows: of the same length.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Drawing:
    """A figure with all that a reader without eyes, or with a pointer, needs.

    Attributes:
        title: what it is of.
        figure: of matplotlib.
        description: what is seen, in a sentence or two.
        numbers: what is drawn, as a table.
        marks: the points that tell their values.
    """

    title: str
    figure: Figure
    description: str
    numbers: Numbers
    marks: Sequence[Mark] = field(default_factory=tuple)


def new_figure(*, height: float = HEIGHT) -> tuple[Figure, Axes]:
    """A figure of the page's width, with one panel."""
    figure = Figure((WIDTH, height), layout="constrained")
    panel = figure.subplots()
    use_plain_ticks(panel)
    return figure, panel


def spread(count: int, most: int = MOST_MARKS) -> list[int]:
    """The places of at most `most` (2 or more) of so many points, with both ends."""
    if count <= most:
        return list(range(count))
    return [round(at * (count - 1) / (most - 1)) for at in range(most)]
