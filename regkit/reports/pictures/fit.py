"""What a regression model has learned: its curve over one input, or predicted against actual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regkit.array_types import Array
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.points import draw_points, evenly, in_own_units
from regkit.reports.pictures.style import (
    BLACK,
    BLUE,
    MOST_COLUMNS,
    PANEL_WIDTH,
    VERMILLION,
    add_legend,
    panels,
    share,
)
from regkit.runs.prepared import Pair, RunData
from regkit.runs.saved import SavedRun

TRAINING, VALIDATION = "training points", "validation points"

_PLACES = 501
_MARGIN = 0.05


def suits(run: DrawnRun) -> bool:
    """Whether it is of a regression, as its records say."""
    return run.history.score_name == "r2"


def why_not(run: DrawnRun) -> str | None:
    """It has no model, a classifier, or its data are missing."""
    if run.saved is None or run.why_no_model is not None:
        return run.why_no_model
    if run.saved.is_classifier:
        return "its model is a classifier"
    return run.why_no_data


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """A panel for each run, in the units of the table.

    With one numeric input it shows the curve of predictions over it, and otherwise the predicted
    values over the actual ones, with the diagonal where both are equal. Panels of the same columns
    have the same axes.
    """
    titles = [run.name for run in runs]
    figure, (row,) = panels(titles, 1, height=PANEL_WIDTH, columns=MOST_COLUMNS)
    entries: dict[str, Artist] = {}
    alike: dict[tuple[str, str], list[Axes]] = {}
    for run, panel in zip(runs, row, strict=True):
        assert run.saved is not None
        columns = run.saved.preparation.columns
        is_curve = len(columns) == 1 and columns[0].categories is None
        entries |= (_draw_curve if is_curve else _draw_predicted)(panel, run.saved, run.data)
        alike.setdefault((panel.get_xlabel(), panel.get_ylabel()), []).append(panel)
    for group in alike.values():
        share(group, x=True)
        group[0].autoscale_view()
    add_legend(figure, list(entries.items()), marker_scale=2)
    return figure


def _draw_curve(panel: Axes, saved: SavedRun, data: RunData) -> dict[str, Artist]:
    preparation = saved.preparation
    inputs = np.concatenate([X for X, _ in _parts(data).values()])
    least, most = float(inputs.min()), float(inputs.max())
    margin = _MARGIN * (most - least) or 1.0
    places = np.linspace(least - margin, most + margin, _PLACES)[:, None]
    entries = _draw_parts(
        panel,
        {
            name: np.column_stack([in_own_units(preparation, X), preparation.answers(y)])
            for name, (X, y) in _parts(data).items()
        },
    )
    across = in_own_units(preparation, places)[:, 0]
    (entries["fitted curve"],) = panel.plot(across, _predicted(saved, places), color=BLACK)
    name = preparation.columns[0].name
    panel.set(xlabel=shortened(name), ylabel=shortened(preparation.target))
    return entries


def _draw_predicted(panel: Axes, saved: SavedRun, data: RunData) -> dict[str, Artist]:
    points = {
        name: np.column_stack([saved.preparation.answers(y), _predicted(saved, X)])
        for name, (X, y) in _parts(data).items()
    }
    entries = _draw_parts(panel, points)
    values = np.concatenate(list(points.values()))
    ends = [end(values[np.isfinite(values)]) for end in (np.min, np.max)]
    # Both axes have the same range, so that the diagonal leads from corner to corner.
    panel.update_datalim([(end, end) for end in ends])
    entries["predicted = actual"] = panel.axline(
        (ends[0], ends[0]), slope=1, color=BLACK, linewidth=0.8, zorder=0.9
    )
    target = shortened(saved.preparation.target)
    panel.set(xlabel=f"{target}, actual", ylabel=f"{target}, predicted")
    return entries


def _parts(data: RunData) -> dict[str, Pair]:
    """The rows that are drawn, by their name in the legend."""
    found = {TRAINING: data.training}
    if data.validation is not None:
        found[VALIDATION] = data.validation
    return {name: (X[evenly(len(X))], y[evenly(len(y))]) for name, (X, y) in found.items()}


def _draw_parts(panel: Axes, points: Mapping[str, Array]) -> dict[str, Artist]:
    found: dict[str, Artist] = {}
    for name, where in points.items():
        hollow = name == VALIDATION
        colour = VERMILLION if hollow else BLUE
        found[name] = draw_points(panel, where, colour, hollow=hollow)
    return found


def _predicted(saved: SavedRun, X: Array) -> Array:
    """In the target's own units; what overflows is not drawn."""
    with np.errstate(over="ignore", invalid="ignore"):
        return saved.preparation.answers(saved.model.predict(X))
