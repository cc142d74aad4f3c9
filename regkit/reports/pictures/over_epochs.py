"""Panels of lines over epochs, in a column for each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from regkit.array_types import Array
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.style import add_legend, panels, share

WIDE = 100
"""Values whose largest is at least this many times their smallest get a logarithmic axis."""

FEWEST_UNMARKED = 10
"""Of fewer records each is a dot."""

_STEPS = (1, 2, 2.5, 5, 10)
_MOST_UNSEEN = 4


@dataclass(frozen=True)
class Curve:
    """A line.

    Attributes:
        name: in the legend.
        epochs: of its records.
        values: at each record.
        look: matplotlib's style for it.
        band: the least and the largest values around it, or None.
    """

    name: str
    epochs: Array
    values: Array
    look: Mapping[str, Any]
    band: tuple[Array, Array] | None = None


@dataclass(frozen=True)
class Chart:
    """What one panel shows."""

    quantity: str
    curves: Sequence[Curve]


def draw_over_epochs(
    titles: Sequence[str], rows: Sequence[Sequence[Chart]], *, logarithms: bool = True
) -> Figure:
    """A figure of charts, row by row, with a column for each title.

    The panels of a row that show the same quantity share one y axis. With `logarithms` it is
    logarithmic if the values are positive and span a wide range.
    """
    figure, grid = panels(titles, len(rows), share_x=True)
    entries: dict[str, Artist] = {}
    for charts, row in zip(rows, grid, strict=True):
        for name, line in draw_row(row, charts, logarithms=logarithms).items():
            entries.setdefault(name, line)
    for panel in grid[-1]:
        label_epochs(panel)
    add_legend(figure, [(shortened(name), line) for name, line in entries.items()])
    return figure


def draw_row(
    row: Sequence[Axes], charts: Sequence[Chart], *, logarithms: bool
) -> dict[str, Artist]:
    """Draw charts that are to be compared into their panels; the lines, by their names."""
    entries: dict[str, Artist] = {}
    for quantity in dict.fromkeys(chart.quantity for chart in charts):
        alike = [i for i, chart in enumerate(charts) if chart.quantity == quantity]
        is_log = logarithms and _is_wide([charts[i] for i in alike])
        # A gap in a band would be filled across; a band may well end below the axis.
        has_bands = any(curve.band is not None for i in alike for curve in charts[i].curves)
        at_zero: Literal["clip", "mask"] = "clip" if has_bands else "mask"
        share([row[i] for i in alike], logarithms=at_zero if is_log else None)
        for i in alike:
            place = row[i].get_subplotspec()
            if i - 1 in alike and place is not None and not place.is_first_col():
                row[i].tick_params(labelleft=False)
            else:
                row[i].set_ylabel(quantity)
            for name, line in _draw_curves(row[i], charts[i], positive_only=is_log).items():
                entries.setdefault(name, line)
    return entries


def label_epochs(panel: Axes) -> None:
    """Name a panel's x axis, above what is said there already; only whole numbers are marked."""
    panel.set_xlabel("\n".join(filter(None, ["epoch", panel.get_xlabel()])))
    whole = MaxNLocator("auto", steps=_STEPS, integer=True, min_n_ticks=1)
    panel.xaxis.set_major_locator(whole)


def _is_wide(charts: Sequence[Chart]) -> bool:
    values = np.array([one for chart in charts for curve in chart.curves for one in curve.values])
    seen = values[np.isfinite(values) & (values != 0)]
    return bool(seen.size and seen.min() > 0 and seen.max() >= WIDE * seen.min())


def _draw_curves(panel: Axes, chart: Chart, *, positive_only: bool) -> dict[str, Artist]:
    entries: dict[str, Artist] = {}
    for curve in chart.curves:
        # A line through few records looks like one through many, and one record like none.
        marker = "o" if len(curve.epochs) < FEWEST_UNMARKED else None
        if curve.band is not None:
            color = curve.look["color"]
            panel.fill_between(curve.epochs, *curve.band, color=color, alpha=0.2, linewidth=0)
        (line,) = panel.plot(
            curve.epochs, curve.values, marker=marker, **{"markersize": 3.5, **curve.look}
        )
        entries[curve.name] = line
    unseen = [one.name for one in chart.curves if positive_only and not (one.values > 0).any()]
    if unseen:
        named = [shortened(name) for name in unseen[:_MOST_UNSEEN]]
        rest = [f"and {len(unseen) - _MOST_UNSEEN} more"] * (len(unseen) > _MOST_UNSEEN)
        panel.set_xlabel("\n".join(["0 throughout:", *named, *rest]))
    if not chart.curves:
        panel.text(0.5, 0.5, "no regularizer", transform=panel.transAxes, ha="center")
    return entries
