"""Accuracy over epochs, or for regression R²."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_over_epochs
from regkit.reports.pictures.style import DATA, VALIDATION

_QUANTITIES = {"accuracy": "accuracy (share of right answers)", "r2": "R²"}
_LEAST_R2 = -1.0


def why_not(run: DrawnRun) -> str | None:
    """Nothing: every record has its score."""
    return None


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """The score on training data, and on validation data if there are any."""
    figure = draw_over_epochs(
        [run.name for run in runs], [[_scores(run.history) for run in runs]], logarithms=False
    )
    for panel in figure.axes:
        # An untrained network's R² may be −1000, next to which 0.5 and 0.9 look the same.
        lowest, highest = panel.get_ylim()
        if lowest < _LEAST_R2 < highest:
            panel.set_ylim(bottom=_LEAST_R2)
    return figure


def _scores(history: Curves) -> Chart:
    curves = [Curve("training", history.training.score, DATA)]
    if history.validation is not None:
        curves.append(Curve("validation", history.validation.score, VALIDATION))
    return Chart(_QUANTITIES[history.score_name], history.epochs, curves)
