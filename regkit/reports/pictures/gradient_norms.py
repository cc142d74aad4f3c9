"""The gradient norms of the data loss and of each penalty, over epochs."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_over_epochs
from regkit.reports.pictures.overlaid import draw_overlaid
from regkit.reports.pictures.style import DATA, looks_of
from regkit.training.gradient_norms import DATA as DATA_LABEL


def why_not(run: DrawnRun) -> str | None:
    """Its records hold no gradient norms."""
    if run.history.gradient_norms:
        return None
    return "its records hold no gradient norms: train with --gradient-norms"


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """The norm of the data loss's gradient and of each penalty's."""
    return draw_over_epochs([run.name for run in runs], [_charts(runs)])


def overlay(runs: Sequence[DrawnRun]) -> Figure:
    """The same with all runs in one panel for each norm."""
    return draw_overlaid(runs, [_charts(runs)])


def _charts(runs: Sequence[DrawnRun]) -> list[Chart]:
    histories = [run.history for run in runs]
    looks = looks_of(label for history in histories for label in history.penalties)
    return [
        Chart(
            "gradient (Euclidean norm)",
            [
                Curve("data loss", history.epochs, norms, DATA)
                if label == DATA_LABEL
                else Curve(label, history.epochs, norms, looks[label])
                for label, norms in history.gradient_norms.items()
            ],
        )
        for history in histories
    ]
