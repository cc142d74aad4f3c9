"""The classes that a model with two inputs assigns to the points of the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from regkit.array_types import Array
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.points import HOLLOW_KEY, draw_points, evenly, in_own_units
from regkit.reports.pictures.style import (
    BLACK,
    COLOURS,
    MOST_COLUMNS,
    PANEL_WIDTH,
    add_legend,
    panels,
)
from regkit.runs.prepared import RunData
from regkit.runs.saved import SavedRun

MARKERS = ("o", "^", "s")
MOST_CLASSES = len(COLOURS) * len(MARKERS)
"""More classes could not be distinguished."""

_CELLS = 301
_MARGIN = 0.05
_PALENESS = 0.75


def suits(run: DrawnRun) -> bool:
    """Whether it is of a classifier, and as far as is known of one with two inputs."""
    is_classifier = run.history.score_name == "accuracy"
    return is_classifier and (run.saved is None or _has_a_plane(run.saved))


def why_not(run: DrawnRun) -> str | None:
    """It has no model, a regression model or one with other inputs, or its data are missing."""
    saved = run.saved
    if saved is None or run.why_no_model is not None:
        return run.why_no_model
    if not saved.is_classifier:
        return "its model is a regression model"
    if not _has_a_plane(saved):
        return "its model's inputs are not two columns of numbers"
    if len(saved.preparation.classes) > MOST_CLASSES:
        return f"its {len(saved.preparation.classes)} classes are too many to distinguish"
    return run.why_no_data


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """A panel for each run: regions by class, their boundaries, training and validation points."""
    titles = [run.name for run in runs]
    figure, (row,) = panels(titles, 1, height=PANEL_WIDTH, columns=MOST_COLUMNS)
    labels = [label for run in runs if run.saved for label in run.saved.preparation.classes]
    looks = _looks(list(dict.fromkeys(map(str, labels))))
    entries: dict[str, Artist] = {}
    for run, panel in zip(runs, row, strict=True):
        assert run.saved is not None
        entries |= _draw_run(panel, run.saved, run.data, looks)
    named = [(shortened(name), artist) for name, artist in entries.items()]
    if any(run.data.validation is not None for run in runs):
        named.append(("validation points, hollow", Line2D([], [], **HOLLOW_KEY)))
    add_legend(figure, named, title="training points, by class", marker_scale=2)
    return figure


def _has_a_plane(saved: SavedRun) -> bool:
    columns = saved.preparation.columns
    return len(columns) == 2 and all(one.categories is None for one in columns)


def _looks(labels: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {
        label: (COLOURS[i % len(COLOURS)], MARKERS[i // len(COLOURS) % len(MARKERS)])
        for i, label in enumerate(labels)
    }


def _draw_run(
    panel: Axes, saved: SavedRun, data: RunData, looks: dict[str, tuple[str, str]]
) -> dict[str, Artist]:
    """The plane and the points; those of training by class."""
    preparation = saved.preparation
    X, y = data.training
    points = in_own_units(preparation, X)
    own = [looks[str(label)] for label in preparation.classes]
    colours = [colour for colour, _ in own]
    if data.validation is None:
        _draw_plane(panel, saved, points, colours)
    else:
        unseen = in_own_units(preparation, data.validation[0])
        _draw_plane(panel, saved, np.concatenate([points, unseen]), colours)
        _scatter(panel, unseen, data.validation[1], own, hollow=True)
    drawn = _scatter(panel, points, y, own, hollow=False)
    return dict(zip(map(str, preparation.classes), drawn, strict=True))


def _draw_plane(panel: Axes, saved: SavedRun, points: Array, colours: Sequence[str]) -> None:
    """The regions of the classes, as far as the points reach, and their boundaries."""
    columns = saved.preparation.columns
    across, up = (_axis(column) for column in points.T)
    plane = np.stack(np.meshgrid(across, up), axis=-1)
    means, scales = ([one.mean for one in columns], [one.scale for one in columns])
    probabilities = saved.model.predict_proba(((plane - means) / scales).reshape(-1, 2)).reshape(
        *plane.shape[:2], -1
    )
    pale = _PALENESS + (1 - _PALENESS) * np.array([to_rgb(colour) for colour in colours])
    panel.grid(visible=False)
    panel.imshow(
        pale[probabilities.argmax(axis=-1)],
        extent=(across[0], across[-1], up[0], up[-1]),
        origin="lower",
        aspect="auto",
    )
    for number in range(len(colours)):
        others = np.delete(probabilities, number, axis=-1).max(axis=-1)
        margin = probabilities[..., number] - others
        if margin.min() < 0 < margin.max():
            panel.contour(across, up, margin, levels=[0.0], colors=BLACK, linewidths=0.8)
    panel.set(xlabel=columns[0].name, ylabel=columns[1].name)


def _scatter(
    panel: Axes, points: Array, y: Array, own: Sequence[tuple[str, str]], *, hollow: bool
) -> list[Artist]:
    """Points by class, each in its colour and with its marker."""
    rows = evenly(len(points))
    return [
        draw_points(panel, points[rows[y[rows] == number]], colour, marker=marker, hollow=hollow)
        for number, (colour, marker) in enumerate(own)
    ]


def _axis(values: Array) -> Array:
    least, most = float(values.min()), float(values.max())
    margin = _MARGIN * (most - least) or 1.0
    return np.linspace(least - margin, most + margin, _CELLS)
