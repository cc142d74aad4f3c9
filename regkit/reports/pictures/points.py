"""The rows of a run's data as points, in the units of their columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from regkit.array_types import Array
from regkit.data import Preparation
from regkit.reports.pictures.style import BLACK

MOST_POINTS = 3000
"""The largest number of points of each kind that are drawn, evenly spaced in their order."""

HOLLOW_KEY: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 3,
    "markerfacecolor": "none",
    "markeredgecolor": BLACK,
}
"""A hollow point of no class, for a legend."""


def evenly(count: int) -> Array:
    """The positions of the rows that are drawn, of so many."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(int))


def in_own_units(preparation: Preparation, X: Array) -> Array:
    """Columns of numbers as the table has them, (rows, columns)."""
    columns = preparation.columns
    scales, means = ([one.scale for one in columns], [one.mean for one in columns])
    return np.asarray(X * np.array(scales) + np.array(means))


def draw_points(
    panel: Axes, points: Array, colour: str, *, marker: str = "o", hollow: bool = False
) -> PathCollection:
    """Points, (rows, 2); those of training are filled, those of validation hollow."""
    return panel.scatter(
        points[:, 0],
        points[:, 1],
        s=9,
        facecolors="none" if hollow else colour,
        marker=marker,
        edgecolors=colour if hollow else "white",
        linewidths=0.8 if hollow else 0.3,
        rasterized=True,
    )
