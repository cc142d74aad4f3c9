"""The curves of several runs over their epochs, laid over each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regkit.array_types import Array
from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure
from regkit.reports.drawings.thinning import MOST_ROWS, kept, thinned
from regkit.reports.pictures import losses, scores, zeros
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.over_epochs import Chart, draw_row, label_epochs
from regkit.reports.pictures.overlaid import BANDS, Line, flip, legend_entries, lines_of
from regkit.reports.pictures.style import add_legend

MOST_MARKS = 240
"""So many points of all curves together tell their values."""

MOST_TOLD = 6
"""Of so many lines the last values stand in the description."""


def overlaid_curves(runs: Sequence[DrawnRun]) -> Iterator[Drawing]:
    """Data losses, scores, and the zeros of layers that have any, each in one panel for all runs.

    Runs that differ in their seed alone are one line with a band, as in `draw_overlaid`.
    """
    lines = lines_of(runs)
    best = {line.name: runs[line.runs[0]].best_epoch for line in lines if len(line.runs) == 1}
    found = [
        # Runs of different tasks have pictures of their own.
        (f"{_capital(name)} {chart.quantity.removeprefix('loss ')}", chart)
        for name, chart in flip(losses.charts(runs), lines)
        if name in (losses.DATA_LOSS, losses.VALIDATION_LOSS)
    ]
    yield from _alike(found, lines, best, logarithms=True)
    found = [
        (f"{_capital(name)} {_short(chart.quantity)}", chart)
        for name, chart in flip(scores.charts(runs), lines)
    ]
    for drawn in _alike(found, lines, best, logarithms=False):
        scores.cut(drawn.figure)
        yield drawn
    for layer, chart in flip(zeros.charts(runs), lines):
        if any(curve.values.any() for curve in chart.curves):
            title = f"Exact zeros of {layer} (%)"
            yield from _alike([(title, chart)], lines, {}, logarithms=False)


def legend_below(figure: Figure, lines: Sequence[Line], *, bands: bool) -> None:
    """The legend of overlaid runs below a drawing."""
    entries = [(shortened(name), artist) for name, artist in legend_entries(lines)]
    add_legend(figure, entries, title=BANDS if bands else None)


def _alike(
    found: Sequence[tuple[str, Chart]],
    lines: Sequence[Line],
    best: Mapping[str, int | None],
    *,
    logarithms: bool,
) -> list[Drawing]:
    """Titled charts as drawings; those of the same quantity have the same y axis."""
    places = [new_figure() for _ in found]
    shown = [
        replace(chart, curves=[thinned(curve) for curve in chart.curves]) for _, chart in found
    ]
    draw_row([panel for _, panel in places], shown, logarithms=logarithms)
    return [
        _drawing(place, title, chart, lines, best)
        for place, (title, chart) in zip(places, found, strict=True)
    ]


def _drawing(
    place: tuple[Figure, Axes],
    title: str,
    chart: Chart,
    lines: Sequence[Line],
    best: Mapping[str, int | None],
) -> Drawing:
    figure, panel = place
    label_epochs(panel)
    panel.set_ylabel(_short(chart.quantity))  # More would not fit beside a low panel.
    drawn = {curve.name for curve in chart.curves}
    bands = any(curve.band is not None for curve in chart.curves)
    legend_below(figure, [line for line in lines if line.name in drawn], bands=bands)
    upright = ""
    for curve in chart.curves if len(chart.curves) <= MOST_TOLD else ():
        at = best.get(curve.name)
        if at is not None:
            panel.axvline(at, color=curve.look["color"], linestyle=":", linewidth=1)
            upright = " Upright dotted lines are where the best weights are."
    each = max(4, MOST_MARKS // len(chart.curves))
    return Drawing(
        title,
        figure,
        f"Over the epochs, as recorded{_ends(chart)}.{upright}",
        _numbers(chart),
        [
            Mark(
                panel,
                float(curve.epochs[at]),
                float(curve.values[at]),
                f"{curve.name}, epoch {curve.epochs[at]}: {curve.values[at]:.4g}",
            )
            for curve in chart.curves
            for at in kept([curve.values], each)
            if np.isfinite(curve.values[at])
        ],
    )


def _ends(chart: Chart) -> str:
    if len(chart.curves) > MOST_TOLD:
        return ""
    told = [f"{curve.name} {curve.values[-1]:.4g}" for curve in chart.curves]
    return f"; at the last record: {', '.join(told)}"


def _numbers(chart: Chart) -> Numbers:
    """A row for each epoch that a run has recorded, blank for those that have not."""
    found = [_by_epoch(curve.epochs, curve.values) for curve in chart.curves]
    each = max(4, MOST_ROWS // len(chart.curves))
    shown = sorted(
        {int(epoch) for curve in chart.curves for epoch in curve.epochs[kept([curve.values], each)]}
    )
    return Numbers(
        ("epoch", *(curve.name for curve in chart.curves)),
        [[str(epoch), *(one.get(epoch, "") for one in found)] for epoch in shown],
    )


def _by_epoch(epochs: Array, values: Array) -> Mapping[int, str]:
    return {int(epoch): f"{one:.4g}" for epoch, one in zip(epochs, values, strict=True)}


def _short(quantity: str) -> str:
    """Without what stands in brackets."""
    return quantity.partition(" (")[0]


def _capital(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"
