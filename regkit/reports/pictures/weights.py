"""Histograms of each layer's weights: before training, after, and before small ones became 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regkit.array_types import Array
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.style import (
    BLACK,
    BLUE,
    MOST_COLUMNS,
    VERMILLION,
    add_legend,
    panels,
    share,
)
from regkit.runs.saved import SavedRun

BEFORE, LAST, AFTER = "before training", "before zeroing", "after"

BINS = 61
"""Odd, so that zero lies in the middle of a bin."""
_HEIGHT = 2.0
BELOW_ONE = 0.7
_ROOM_FOR_TEXT = 10.0
_LOOKS: dict[str, dict[str, Any]] = {
    BEFORE: {"color": VERMILLION, "linewidth": 1.2},
    AFTER: {"color": BLUE, "fill": True, "alpha": 0.5},
    LAST: {"color": BLACK, "linewidth": 0.8, "linestyle": ":"},
}

States = Mapping[str, Array]
"""One array of weights at several times, by the name in the legend."""


def why_not(run: DrawnRun) -> str | None:
    """It has no model."""
    return run.why_no_model


def draw(runs: Sequence[DrawnRun]) -> Figure:
    """A column for each run, with a panel for each array of weights.

    The panels of one array have the same bins and axes in all runs.
    """
    saved = [run.saved for run in runs if run.saved is not None]
    titles = [
        f"{run.name} ({one.weights.stem}, epoch {one.epoch})"
        for run, one in zip(runs, saved, strict=True)
    ]
    shown = [_states(one, run.before_zeroing) for run, one in zip(runs, saved, strict=True)]
    names = list(dict.fromkeys(name for one in shown for name in one))
    figure, grid = panels(titles, len(names), height=_HEIGHT, columns=MOST_COLUMNS)
    entries: dict[str, Artist] = {}
    for name, row in zip(names, grid, strict=True):
        pairs = [(panel, one[name]) for panel, one in zip(row, shown, strict=True) if name in one]
        entries |= _draw_row(pairs)
        for panel, _ in pairs:
            panel.set_ylabel(f"{name} (count)")
        for panel, one in zip(row, shown, strict=True):
            if name not in one:
                panel.set_axis_off()
    for column, one in enumerate(shown):
        last = max(row for row, name in enumerate(names) if name in one)
        grid[last][column].set_xlabel("value of the weight")
    add_legend(figure, list(entries.items()))
    return figure


def _states(saved: SavedRun, before_zeroing: Mapping[str, Array] | None) -> dict[str, States]:
    """The weights before the first step and now, by the panel's name; and before zeroing."""
    pairs = zip(saved.untrained.parameter_layers, saved.model.parameter_layers, strict=True)
    found: dict[str, States] = {}
    for before, after in pairs:
        for name, array in after.weight_arrays().items():
            states = {BEFORE: before.params[name], AFTER: array}
            if before_zeroing is not None:
                states[LAST] = before_zeroing[f"{after.name}.{name}"]
            found[f"{name} of {after.name}"] = states
    return found


def bin_edges(arrays: Sequence[Array], bins: int = BINS) -> Array:
    """The edges of so many equal bins, an odd number, that hold all entries, (bins + 1,)."""
    reach = max(float(np.abs(array).max()) for array in arrays) or 1.0
    return np.linspace(-reach, reach, bins + 1)


def _draw_row(pairs: Sequence[tuple[Axes, States]]) -> dict[str, Artist]:
    """One array in all runs that have it."""
    arrays = [array for _, states in pairs for array in states.values()]
    edges = bin_edges(arrays)
    # Initial weights are close together: without logarithms their bin would dwarf the others.
    share([panel for panel, _ in pairs], x=True, logarithms="clip")
    entries: dict[str, Artist] = {}
    highest = 0
    for panel, states in pairs:
        for name, array in states.items():
            counts = np.histogram(array, edges)[0]
            entries[name] = panel.stairs(counts, edges, **_LOOKS[name])
            highest = max(highest, int(counts.max()))
        text = f"after: {_zeros(states[AFTER]):.1%} exactly 0"
        if LAST in states:
            text += f" (before zeroing: {_zeros(states[LAST]):.1%})"
        panel.text(0.98, 0.96, text, transform=panel.transAxes, ha="right", va="top")
    pairs[0][0].set_ylim(BELOW_ONE, _ROOM_FOR_TEXT * highest)
    return entries


def _zeros(array: Array) -> float:
    return 1 - np.count_nonzero(array) / array.size
