"""Runs in the same panels: a line for each, or for all that differ in their seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.names import LONGEST, shortened
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_row, label_epochs
from regkit.reports.pictures.seeds import common_epochs, groups_by_seed
from regkit.reports.pictures.style import DISTINCT_LOOKS, add_legend, look, panels
from regkit.reports.words import count

_OTHERS: dict[str, Any] = {"color": "0.7", "linewidth": 0.8, "zorder": 1.5}
BANDS = "line: mean over seeds; band: from the least to the largest value"


def draw_overlaid(
    runs: Sequence[DrawnRun], rows: Sequence[Sequence[Chart]], *, logarithms: bool = True
) -> Figure:
    """A panel for each curve of the charts, with the lines of all runs that have it.

    Runs that differ in their seed alone become one line, the mean, with a band from the least to
    the largest value: every seed lies in it, and there are too few for quantiles. As many lines as
    can be told apart have a name in the legend; further ones are grey, and counted there.

    Args:
        runs: the runs.
        rows: as for `draw_over_epochs`, with a chart for each run in each row.
        logarithms: as there.
    """
    lines = lines_of(runs)
    flipped = [flip(row, lines) for row in rows]
    titles = [title for charts in flipped for title, _ in charts]
    figure, (places,) = panels(
        [shortened(title) for title in titles], 1, columns=2 if len(titles) == 4 else 3
    )
    left = iter(places)
    for charts in flipped:
        shown = [chart for _, chart in charts]
        draw_row([next(left) for _ in shown], shown, logarithms=logarithms)
    for panel in places:
        label_epochs(panel)
        if panel is not places[0]:
            panel.sharex(places[0])
    has_bands = len(lines) < len(runs)
    add_legend(figure, legend_entries(lines), title=BANDS if has_bands else None)
    return figure


class Line(NamedTuple):
    """What stands for a run, or for several that differ in their seed alone.

    Attributes:
        name: that of the run, or what stands for several.
        look: matplotlib's style for it.
        runs: the positions of its runs.
    """

    name: str
    look: dict[str, Any]
    runs: list[int]


def lines_of(runs: Sequence[DrawnRun]) -> list[Line]:
    """The lines of these runs; those that have no look of their own any more are grey."""
    return [
        Line(
            _name([runs[i].name for i in group]),
            look(number) if number < DISTINCT_LOOKS else _OTHERS,
            group,
        )
        for number, group in enumerate(groups_by_seed(runs))
    ]


def legend_entries(lines: Sequence[Line]) -> list[tuple[str, Artist]]:
    """The names of the lines that can be told apart, and the number of the others."""
    entries: list[tuple[str, Artist]] = [
        (line.name, Line2D([], [], **line.look)) for line in lines[:DISTINCT_LOOKS]
    ]
    if len(lines) > DISTINCT_LOOKS:
        others = count(len(lines) - DISTINCT_LOOKS, "other")
        entries.append((others, Line2D([], [], **_OTHERS)))
    return entries


def flip(charts: Sequence[Chart], lines: Sequence[Line]) -> list[tuple[str, Chart]]:
    """From a chart for each run with its curves, a titled chart for each curve with all runs."""
    found = []
    for quantity in dict.fromkeys(chart.quantity for chart in charts):
        alike = [chart.curves if chart.quantity == quantity else () for chart in charts]
        for title in dict.fromkeys(curve.name for curves in alike for curve in curves):
            seen = [[curve for curve in curves if curve.name == title] for curves in alike]
            merged = [
                _merged(name, own, [curve for i in group for curve in seen[i]])
                for name, own, group in lines
                if any(seen[i] for i in group)
            ]
            found.append((title, Chart(quantity, merged)))
    return found


def _merged(name: str, own: dict[str, Any], curves: Sequence[Curve]) -> Curve:
    if len(curves) == 1:
        return Curve(name, curves[0].epochs, curves[0].values, own)
    epochs = common_epochs([curve.epochs for curve in curves])
    values = np.array(
        [
            curve.values[np.intersect1d(epochs, curve.epochs, return_indices=True)[2]]
            for curve in curves
        ]
    )
    with np.errstate(invalid="ignore", over="ignore"):  # Infinite values leave a gap.
        mean = values.mean(axis=0)
    return Curve(name, epochs, mean, own, band=(values.min(axis=0), values.max(axis=0)))


def _name(runs: Sequence[str]) -> str:
    """That of the one run, or what stands for several."""
    if len(runs) == 1:
        return runs[0]
    first, last = runs[0], runs[-1]
    half = LONGEST // 2
    span = first if first == last else f"{shortened(first, half)} … {shortened(last, half)}"
    return f"{span} ({len(runs)} seeds)"
