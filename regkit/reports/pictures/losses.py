"""The losses over epochs, and below them each penalty separately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_over_epochs
from regkit.reports.pictures.overlaid import draw_overlaid
from regkit.reports.pictures.style import BLACK, DATA, VALIDATION, looks_of

DATA_LOSS, VALIDATION_LOSS = "data loss", "validation data loss"

_TOTAL = {"color": BLACK, "linestyle": ":"}
_QUANTITIES = {"accuracy": "loss (cross-entropy, nats)", "r2": "loss (mean squared error)"}


def why_not(run: DrawnRun) -> str | None:
    """Nothing: every record has its losses."""
    return None


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """Data loss, validation data loss and penalized loss; the penalties if there are any."""
    return draw_over_epochs([run.name for run in runs], _rows(runs))


def overlay(runs: Sequence[DrawnRun]) -> Figure:
    """The same with all runs in one panel for each loss and each penalty."""
    return draw_overlaid(runs, _rows(runs))


def charts(runs: Sequence[DrawnRun]) -> list[Chart]:
    """The losses of each run."""
    return [_losses(run.history) for run in runs]


def _rows(runs: Sequence[DrawnRun]) -> list[list[Chart]]:
    histories = [run.history for run in runs]
    looks = looks_of(label for history in histories for label in history.penalties)
    rows = [charts(runs)]
    if looks:
        rows.append([_penalties(history, looks) for history in histories])
    return rows


def _losses(history: Curves) -> Chart:
    epochs = history.epochs
    curves = [Curve(DATA_LOSS, epochs, history.training.data_loss, DATA)]
    if history.validation is not None:
        measured = history.validation.data_loss
        curves.append(Curve(VALIDATION_LOSS, epochs, measured, VALIDATION))
    if history.penalties:
        curves.append(Curve("data loss + penalties", epochs, history.loss, _TOTAL))
    return Chart(_QUANTITIES[history.score_name], curves)


def _penalties(history: Curves, looks: Mapping[str, Mapping[str, Any]]) -> Chart:
    curves = [
        Curve(label, history.epochs, values, looks[label])
        for label, values in history.penalties.items()
    ]
    return Chart("penalty (part of the loss)", curves)
