"""The fraction of each layer's weights that are exactly zero, over epochs."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_over_epochs
from regkit.reports.pictures.overlaid import draw_overlaid
from regkit.reports.pictures.style import looks_of


def suits(run: DrawnRun) -> bool:
    """Whether any weight ever was exactly 0."""
    return any(share.any() for share in run.history.zeros.values())


def why_not(run: DrawnRun) -> str | None:
    """Nothing: every record counts its zeros."""
    return None


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """A line for each layer, in percent of its weights."""
    names = [run.name for run in runs]
    return _in_percent(draw_over_epochs(names, [charts(runs)], logarithms=False))


def overlay(runs: Sequence[DrawnRun]) -> Figure:
    """The same with all runs in one panel for each layer."""
    return _in_percent(draw_overlaid(runs, [charts(runs)], logarithms=False))


def charts(runs: Sequence[DrawnRun]) -> list[Chart]:
    """The shares of each run, layer by layer."""
    histories = [run.history for run in runs]
    looks = looks_of(layer for history in histories for layer in history.zeros)
    return [
        Chart(
            "weights exactly 0 (% of the layer)",
            [
                Curve(layer, history.epochs, 100 * share, looks[layer])
                for layer, share in history.zeros.items()
            ],
        )
        for history in histories
    ]


def _in_percent(figure: Figure) -> Figure:
    for panel in figure.axes:
        panel.set_ylim(-2, 102)
    return figure
