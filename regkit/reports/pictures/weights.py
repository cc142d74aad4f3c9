"""Histograms of each layer's weights, before training and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regkit.array_types import Array
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.style import BLUE, VERMILLION, add_legend, panels, use_logarithms
from regkit.runs.saved import SavedRun

_BINS = 61
"""Odd, so that zero lies in the middle of a bin."""
_HEIGHT = 2.0
_BELOW_ONE = 0.7
_ROOM_FOR_TEXT = 10.0
_LOOKS: dict[str, dict[str, Any]] = {
    "before training": {"color": VERMILLION, "linewidth": 1.2},
    "after": {"color": BLUE, "fill": True, "alpha": 0.5},
}


def why_not(run: DrawnRun) -> str | None:
    """It has no model."""
    return run.why_no_model


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """A column for each run, with a panel for each array of weights."""
    saved = [run.saved for run in runs if run.saved is not None]
    titles = [
        f"{run.name} ({one.weights.stem}, epoch {one.epoch})"
        for run, one in zip(runs, saved, strict=True)
    ]
    panels_of = [_weights(one) for one in saved]
    depth = max(map(len, panels_of))
    figure, grid = panels(titles, depth, height=_HEIGHT)
    entries: dict[str, Artist] = {}
    for column, shown in enumerate(panels_of):
        for row, (name, (before, after)) in enumerate(shown.items()):
            panel = grid[row][column]
            panel.set_ylabel(f"{name} (count)")
            entries |= _draw_histograms(panel, before, after)
        for row in range(len(shown), depth):
            grid[row][column].set_axis_off()
        grid[len(shown) - 1][column].set_xlabel("value of the weight")
    add_legend(figure, entries)
    return figure


def _weights(saved: SavedRun) -> dict[str, tuple[Array, Array]]:
    """The weights before the first step and now, by the panel's name."""
    pairs = zip(saved.untrained.parameter_layers, saved.model.parameter_layers, strict=True)
    return {
        f"{name} of {after.name}": (before.params[name], array)
        for before, after in pairs
        for name, array in after.weight_arrays().items()
    }


def _draw_histograms(panel: Axes, before: Array, after: Array) -> dict[str, Artist]:
    reach = max(float(np.abs(before).max()), float(np.abs(after).max())) or 1.0
    edges = np.linspace(-reach, reach, _BINS + 1)
    counts = {
        "before training": np.histogram(before, edges)[0],
        "after": np.histogram(after, edges)[0],
    }
    entries: dict[str, Artist] = {
        name: panel.stairs(counts[name], edges, **look) for name, look in _LOOKS.items()
    }
    # Initial weights are close together: without logarithms their bin would dwarf the others.
    use_logarithms(panel, "clip")
    panel.set_ylim(_BELOW_ONE, _ROOM_FOR_TEXT * max(map(np.max, counts.values())))
    zeros = 1 - np.count_nonzero(after) / after.size
    text = f"after: {zeros:.1%} exactly 0"
    panel.text(0.98, 0.96, text, transform=panel.transAxes, ha="right", va="top")
    return entries
