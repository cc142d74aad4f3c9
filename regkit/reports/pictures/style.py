"""How the pictures look: colours, one panel for each run in a row, and one legend for all.

matplotlib's objects are used directly, without pyplot's global state, and the user's own settings
apply only outside `matplotlib_settings`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from regkit.reports.pictures.content import content
from regkit.reports.pictures.plain_ticks import use_plain_ticks

BLUE, VERMILLION, BLACK = "#0072B2", "#D55E00", "#000000"
COLOURS = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", BLACK, BLUE, VERMILLION)
"""Okabe and Ito (2008), distinguishable with colour blindness; without the pale yellow."""

DASHES = ("-", "--", ":", "-.")
"""Neighbours in a legend differ in colour and dashes, so that one shows under the other."""

DISTINCT_LOOKS = math.lcm(len(COLOURS), len(DASHES))

DATA = {"color": BLUE}
VALIDATION = {"color": VERMILLION, "linestyle": "--"}

PANEL_WIDTH = 4.0
"""In inches, like all sizes here."""
PANEL_HEIGHT = 2.6
MOST_COLUMNS = 4
"""So many panels of pictures that wrap stand side by side."""
_MARGIN = 1.0
_LEGEND_LETTER = 0.075
_LEGEND_KEY = 0.6
_LEGEND_LINE = 0.18
_LEGEND_LINES = 3
"""For so many there is room below the panels."""

_SETTINGS: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "font.size": 9,
    "grid.color": "0.92",
    "legend.frameon": False,
    "savefig.dpi": 150,
    "svg.fonttype": "none",
    # The same picture gives the same file.
    "svg.hashsalt": "regkit",
    # Names of columns, classes and runs are plain text, even with dollar signs.
    "text.parse_math": False,
}


@contextmanager
def matplotlib_settings() -> Iterator[None]:
    """The context for drawing and saving: matplotlib's defaults with regkit's changes."""
    with matplotlib.style.context(["default", _SETTINGS]):
        yield


class ShownFigure(Figure):
    """A figure that notebooks show by themselves, without pyplot."""

    def _repr_png_(self) -> bytes:
        return content(self, "png")


def panels(
    titles: Sequence[str],
    rows: int,
    *,
    height: float = PANEL_HEIGHT,
    columns: int | None = None,
    share_x: bool = False,
) -> tuple[Figure, list[list[Axes]]]:
    """A figure with a column of panels under each title, and its panels, row by row.

    With `columns` no more of them stand side by side, and the others follow below. With `share_x`
    the panels under a title share one x axis, at the bottom.
    """
    across = min(columns or len(titles), len(titles))
    blocks = math.ceil(len(titles) / across)
    figure = ShownFigure(
        (_MARGIN + PANEL_WIDTH * across, _MARGIN + height * rows * blocks), layout="constrained"
    )
    places = figure.subplots(
        rows * blocks, across, squeeze=False, sharex="col" if share_x else "none"
    )
    grid = [
        [places[i // across * rows + row][i % across] for i in range(len(titles))]
        for row in range(rows)
    ]
    for empty in places[-rows:, len(titles) - across * (blocks - 1) :].flat:
        empty.remove()
    for panel, title in zip(grid[0], titles, strict=True):
        panel.set_title(title)
    for panel in figure.axes:
        use_plain_ticks(panel)
    return figure, grid


def look(number: int) -> dict[str, Any]:
    """A colour and dashes; the first `DISTINCT_LOOKS` differ."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


def looks_of(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """A look for each name, by its position among the distinct ones."""
    return {name: look(i) for i, name in enumerate(dict.fromkeys(names))}


def share(
    panels: Sequence[Axes],
    *,
    x: bool = False,
    logarithms: Literal["clip", "mask"] | None = None,
) -> None:
    """Give panels one y axis, and with `x` one x axis.

    With `logarithms` the y axis is logarithmic, with plain numbers as labels; values that are not
    positive lie below it ("clip") or leave a gap in the line ("mask").
    """
    for panel in panels:
        # Sharing an axis does not share its scale.
        if logarithms is not None:
            panel.set_yscale("log", nonpositive=logarithms)
            panel.yaxis.set_major_locator(LogLocator())
            panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            panel.yaxis.set_minor_formatter(NullFormatter())
        if panel is not panels[0]:
            panel.sharey(panels[0])
            if x:
                panel.sharex(panels[0])


def add_legend(
    figure: Figure,
    entries: Sequence[tuple[str, Artist]],
    *,
    title: str | None = None,
    marker_scale: float = 1.0,
) -> None:
    """One legend below all panels, in as many columns as fit; a tall one makes the figure taller.

    Entries are names, as they are shown, and what they explain.
    """
    names = [name for name, _ in entries]
    columns = _columns(names, figure.get_figwidth())
    lines = math.ceil(len(names) / columns) + (title is not None)
    taller = _LEGEND_LINE * max(0, lines - _LEGEND_LINES)
    figure.set_figheight(figure.get_figheight() + taller)
    figure.legend(
        [artist for _, artist in entries],
        names,
        title=title,
        loc="outside lower center",
        ncols=columns,
        markerscale=marker_scale,
    )


def _columns(names: Sequence[str], width: float) -> int:
    """The largest number of columns of a legend that fits; it is filled column by column."""
    for count in range(len(names), 1, -1):
        widest = [max(map(len, column)) for column in np.array_split(names, count)]
        if sum(_LEGEND_KEY + _LEGEND_LETTER * letters for letters in widest) <= width:
            return count
    return 1
