"""Fewer points of a dense curve, such that it looks the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regkit.array_types import Array
from regkit.reports.pictures.over_epochs import Curve

MOST_POINTS = 300
"""So many points of a curve are drawn: more than a picture of a page has pixels for."""

MOST_ROWS = 200
"""So many rows are in the table of a picture."""


def kept(columns: Sequence[Array], most: int) -> list[int]:
    """The places of at most `most` points of curves with the same epochs, ascending.

    The points are cut into stretches of equal length. Of each the first, the last, and for every
    column the least and the largest are kept, so that no peak is lost.

    Args:
        columns: one or more, of the same length; NaN is neither least nor largest.
        most: at least four, and two more for each further column.
    """
    count = len(columns[0])
    if count <= most:
        return list(range(count))
    edges = np.linspace(0, count, most // (2 + 2 * len(columns)) + 1).round().astype(int)
    found: set[int] = set()
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        found |= {start, end - 1}
        for column in columns:
            stretch = column[start:end]
            found.add(start + int(np.where(np.isnan(stretch), np.inf, stretch).argmin()))
            found.add(start + int(np.where(np.isnan(stretch), -np.inf, stretch).argmax()))
    return sorted(found)


def thinned(curve: Curve) -> Curve:
    """The curve with its band, of at most `MOST_POINTS` points."""
    band = curve.band
    at = kept([curve.values, *(band or ())], MOST_POINTS)
    return replace(
        curve,
        epochs=curve.epochs[at],
        values=curve.values[at],
        band=None if band is None else (band[0][at], band[1][at]),
    )
