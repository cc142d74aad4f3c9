"""Directions in which a penalty can be outweighed by a linear term."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.params import Params

FEW = 12


def directions(g: Params) -> Iterator[Params]:
    """Where ⟨g, x⟩ falls: −g, the signs of its largest entries, and single entries, groups, ranks.

    The largest entry of each is 1 in size.
    """
    flat = g.flat()
    order = np.argsort(-np.abs(flat))
    yield _normed(g, -flat)
    counts = range(1, len(flat) + 1) if len(flat) <= FEW else (1, 2, 4, len(flat))
    for count in counts:
        chosen = np.empty_like(flat)
        chosen[...] = 0
        chosen[order[:count]] = -np.sign(flat[order[:count]])
        yield _normed(g, chosen)
    for name, array in g.items():
        for part in _parts(array):
            only = {other: part if other == name else 0.0 * w for other, w in g.items()}
            yield _normed(g, Params(only).flat())


def _parts(array: Array) -> Iterator[Array]:
    """The array's steepest row, column and rank-one part."""
    if not np.any(array):
        return
    rows, columns = np.linalg.norm(array, axis=1), np.linalg.norm(array, axis=0)
    yield np.where((np.arange(len(rows)) == np.argmax(rows))[:, None], -array, 0.0)
    yield np.where((np.arange(len(columns)) == np.argmax(columns))[None, :], -array, 0.0)
    left, _, right = np.linalg.svd(array, full_matrices=False)
    yield -np.outer(left[:, 0], right[0])


def _normed(g: Params, flat: Array) -> Params:
    largest = float(np.max(np.abs(flat), initial=0)) or 1.0
    return g.of_flat(flat / largest)
