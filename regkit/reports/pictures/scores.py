"""Accuracy over epochs, or for regression R²."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_over_epochs
from regkit.reports.pictures.overlaid import draw_overlaid
from regkit.reports.pictures.style import DATA, VALIDATION

_QUANTITIES = {"accuracy": "accuracy (share of right answers)", "r2": "R²"}
_LEAST_R2 = -1.0


def why_not(run: DrawnRun) -> str | None:
    """Nothing: every record has its score."""
    return None


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """The score on training data, and on validation data if there are any."""
    names = [run.name for run in runs]
    return cut(draw_over_epochs(names, [charts(runs)], logarithms=False))


def overlay(runs: Sequence[DrawnRun]) -> Figure:
    """The same with all runs in one panel for training and one for validation."""
    return cut(draw_overlaid(runs, [charts(runs)], logarithms=False))


def cut(figure: Figure) -> Figure:
    """The figure with panels that end where a lower R² would hide what is higher."""
    for panel in figure.axes:
        # An untrained network's R² may be −1000, next to which 0.5 and 0.9 look the same.
        lowest, highest = panel.get_ylim()
        # Of panels that share an axis the first one has cut it for all.
        if lowest <= _LEAST_R2 < highest:
            panel.set_ylim(bottom=_LEAST_R2)
            if panel.get_ylabel():
                panel.set_ylabel(f"{panel.get_ylabel()} (cut at −1)")
    return figure


def charts(runs: Sequence[DrawnRun]) -> list[Chart]:
    """The scores of each run."""
    return [_scores(run.history) for run in runs]


def _scores(history: Curves) -> Chart:
    curves = [Curve("training", history.epochs, history.training.score, DATA)]
    if history.validation is not None:
        curves.append(Curve("validation", history.epochs, history.validation.score, VALIDATION))
    return Chart(_QUANTITIES[history.score_name], curves)
