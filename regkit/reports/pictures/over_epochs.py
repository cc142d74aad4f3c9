"""Panels of lines over epochs, in a column for each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Curve:
    """A line: its name in the legend, its values at each record, and matplotlib's style for it."""

    name: str
    values: Array
    look: Mapping[str, Any]


@dataclass(frozen=True)
class Chart:
    """What one panel shows."""

    quantity: str
    epochs: Array
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
        for quantity in dict.fromkeys(chart.quantity for chart in charts):
            alike = [i for i, chart in enumerate(charts) if chart.quantity == quantity]
            is_log = logarithms and _is_wide([charts[i] for i in alike])
            share([row[i] for i in alike], logarithms="mask" if is_log else None)
            for i in alike:
                if i - 1 in alike:
                    row[i].tick_params(labelleft=False)
                else:
                    row[i].set_ylabel(quantity)
                for name, line in _draw_curves(row[i], charts[i], positive_only=is_log).items():
                    entries.setdefault(name, line)
    for panel in grid[-1]:
        panel.set_xlabel("\n".join(filter(None, ["epoch", panel.get_xlabel()])))
        whole = MaxNLocator("auto", steps=_STEPS, integer=True, min_n_ticks=1)
        panel.xaxis.set_major_locator(whole)
    add_legend(figure, entries)
    return figure


def _is_wide(charts: Sequence[Chart]) -> bool:
    values = np.array([one for chart in charts for curve in chart.curves for one in curve.values])
    seen = values[np.isfinite(values) & (values != 0)]
    return bool(seen.size and seen.min() > 0 and seen.max() >= WIDE * seen.min())


def _draw_curves(panel: Axes, chart: Chart, *, positive_only: bool) -> dict[str, Artist]:
    # A single record would not show as a line.
    marker = "o" if len(chart.epochs) == 1 else None
    entries: dict[str, Artist] = {}
    for curve in chart.curves:
        (entries[curve.name],) = panel.plot(chart.epochs, curve.values, marker=marker, **curve.look)
    unseen = [one.name for one in chart.curves if positive_only and not (one.values > 0).any()]
    if unseen:
        panel.set_xlabel("\n".join(["0 throughout:", *map(shortened, unseen)]))
    if not chart.curves:
        panel.text(0.5, 0.5, "no regularizer", transform=panel.transAxes, ha="center")
    return entries
