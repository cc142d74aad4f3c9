"""The classes that a model with two inputs assigns to the points of the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.style import (
    BLACK,
    COLOURS,
    MOST_COLUMNS,
    PANEL_WIDTH,
    add_legend,
    panels,
)
from regkit.runs.saved import SavedRun

MARKERS = ("o", "^", "s")
MOST_CLASSES = len(COLOURS) * len(MARKERS)
"""More classes could not be distinguished."""
MOST_POINTS = 3000
"""The largest number of training points that are drawn, evenly spaced in their order."""

_CELLS = 301
_MARGIN = 0.05
_PALENESS = 0.75


def why_not(run: DrawnRun) -> str | None:
    """It has no model, a regression model or one with other inputs, or its data are missing."""
    saved = run.saved
    if saved is None or run.why_no_model is not None:
        return run.why_no_model
    if not saved.is_classifier:
        return "its model is a regression model"
    columns = saved.preparation.columns
    if len(columns) != 2 or any(one.categories is not None for one in columns):
        return "its model's inputs are not two columns of numbers"
    if len(saved.preparation.classes) > MOST_CLASSES:
        return f"its {len(saved.preparation.classes)} classes are too many to distinguish"
    try:
        _ = run.training_data
    except InputError as error:
        return str(error)
    return None


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """A panel for each run: regions by class, their boundaries, and training points."""
    titles = [run.name for run in runs]
    figure, (row,) = panels(titles, 1, height=PANEL_WIDTH, columns=MOST_COLUMNS)
    labels = [label for run in runs if run.saved for label in run.saved.preparation.classes]
    looks = _looks(list(dict.fromkeys(map(str, labels))))
    entries: dict[str, Artist] = {}
    for run, panel in zip(runs, row, strict=True):
        assert run.saved is not None
        entries |= _draw_plane(panel, run.saved, *run.training_data, looks)
    named = [(shortened(name), artist) for name, artist in entries.items()]
    add_legend(figure, named, title="training points, by class", marker_scale=2)
    return figure


def _looks(labels: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {
        label: (COLOURS[i % len(COLOURS)], MARKERS[i // len(COLOURS) % len(MARKERS)])
        for i, label in enumerate(labels)
    }


def _draw_plane(
    panel: Axes, saved: SavedRun, X: Array, y: Array, looks: dict[str, tuple[str, str]]
) -> dict[str, Artist]:
    preparation = saved.preparation
    means = np.array([one.mean for one in preparation.columns])
    scales = np.array([one.scale for one in preparation.columns])
    points = X * scales + means
    across, up = (_axis(column) for column in points.T)
    plane = np.stack(np.meshgrid(across, up), axis=-1)
    probabilities = saved.model.predict_proba(((plane - means) / scales).reshape(-1, 2)).reshape(
        *plane.shape[:2], -1
    )
    own = [looks[str(label)] for label in preparation.classes]
    pale = _PALENESS + (1 - _PALENESS) * np.array([to_rgb(colour) for colour, _ in own])
    panel.grid(visible=False)
    panel.imshow(
        pale[probabilities.argmax(axis=-1)],
        extent=(across[0], across[-1], up[0], up[-1]),
        origin="lower",
        aspect="auto",
    )
    for number in range(len(own)):
        others = np.delete(probabilities, number, axis=-1).max(axis=-1)
        margin = probabilities[..., number] - others
        if margin.min() < 0 < margin.max():
            panel.contour(across, up, margin, levels=[0.0], colors=BLACK, linewidths=0.8)
    panel.set(xlabel=preparation.columns[0].name, ylabel=preparation.columns[1].name)
    rows = np.unique(np.linspace(0, len(points) - 1, MOST_POINTS).astype(int))
    entries: dict[str, Artist] = {}
    for number, (label, (colour, marker)) in enumerate(zip(preparation.classes, own, strict=True)):
        chosen = rows[y[rows] == number]
        entries[str(label)] = panel.scatter(
            points[chosen, 0],
            points[chosen, 1],
            s=9,
            c=colour,
            marker=marker,
            edgecolors="white",
            linewidths=0.3,
            rasterized=True,
        )
    return entries


def _axis(values: Array) -> Array:
    least, most = float(values.min()), float(values.max())
    margin = _MARGIN * (most - least) or 1.0
    return np.linspace(least - margin, most + margin, _CELLS)
