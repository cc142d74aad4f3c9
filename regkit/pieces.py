"""Walking over large arrays in pieces that fit the cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

PIECE = 8192
"""Entries in a piece: 32 KiB of float32, so that a piece, its gradient and a scratch stay in L2."""


def pieces(*arrays: NDArray[Any]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Matching views into arrays of one shape, each of at most `PIECE` entries where possible.

    The views alias the arrays, so writing to a piece writes to the array. Arrays that do not lie
    in memory in the same order are walked along their first axis.
    """
    first = arrays[0]
    if first.size <= PIECE:
        yield arrays
        return
    if all(array.flags.c_contiguous for array in arrays):
        flat = [array.reshape(-1) for array in arrays]
    elif all(array.flags.f_contiguous for array in arrays):
        flat = [array.T.reshape(-1) for array in arrays]
    else:
        rows = max(1, PIECE * len(first) // first.size)
        for start in range(0, len(first), rows):
            blocks = [array[start : start + rows] for array in arrays]
            if rows == 1 and first.ndim > 1:
                yield from pieces(*(block[0] for block in blocks))
            else:
                yield tuple(blocks)
        return
    for start in range(0, first.size, PIECE):
        yield tuple(array[start : start + PIECE] for array in flat)


def total(array: NDArray[Any], *, power: int) -> float:
    """Σ|w| (`power` 1) or Σw² (`power` 2), accumulated in float64 whatever the array's dtype."""
    entry = np.abs if power == 1 else np.square
    return float(sum(float(np.sum(entry(piece, dtype=np.float64))) for (piece,) in pieces(array)))
