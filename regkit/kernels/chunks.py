"""Iterating over large arrays in chunks that fit the cache."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array

CHUNK = 8192
"""Entries per chunk if memory for it is newly allocated: 64 KiB of float64."""

KEPT_CHUNK = 65_536
"""Entries per chunk if memory for it is reused: few enough that a chunk of every array stays in the
cache from one operation to the next, and enough that the overhead of calls is small."""


def chunks(*arrays: Array, entries: int = CHUNK) -> Iterator[tuple[Array, ...]]:
    """Matching views into arrays of one shape, each of at most `entries` entries where possible.

    The views alias the arrays, so writing to a chunk writes to the array. Arrays with different
    memory orders are iterated along their first axis.
    """
    first = arrays[0]
    if first.size <= entries:
        yield arrays
        return
    if all(array.flags.c_contiguous for array in arrays):
        flat = [array.reshape(-1) for array in arrays]
    elif all(array.flags.f_contiguous for array in arrays):
        flat = [array.T.reshape(-1) for array in arrays]
    else:
        rows = max(1, entries * len(first) // first.size)
        for start in range(0, len(first), rows):
            blocks = [array[start : start + rows] for array in arrays]
            if rows == 1 and first.ndim > 1:
                yield from chunks(*(block[0] for block in blocks), entries=entries)
            else:
                yield tuple(blocks)
        return
    # NumPy yields rows of a matrix much faster than Python makes slices.
    whole = first.size // entries * entries
    yield from zip(*(array[:whole].reshape(-1, entries) for array in flat), strict=True)
    if whole < first.size:
        yield tuple(array[whole:] for array in flat)


def chunks_with_scratch(
    w: Array, out: Array, scratch: Array | None = None
) -> Iterator[tuple[Array, Array, Array]]:
    """`chunks` of w and out, each with scratch memory like w's.

    It is taken from `scratch`, flat and of w's dtype, whose size is then the size of a chunk: a
    larger one means fewer calls. Without it a small array is allocated.
    """
    if scratch is None or not scratch.size:
        scratch = np.empty(min(w.size, CHUNK), w.dtype)
    for w_chunk, out_chunk in chunks(w, out, entries=max(scratch.size, 1)):
        yield w_chunk, out_chunk, scratch[: w_chunk.size].reshape(w_chunk.shape)


def all_finite(array: Array) -> bool:
    """Whether every entry of a flat array is finite."""
    # BLAS's product is the fastest way to check every entry; entries that are finite but too
    # large to square are checked again.
    return math.isfinite(array @ array) or all(
        bool(np.isfinite(chunk).all()) for (chunk,) in chunks(array)
    )


def total(array: Array, *, power: int) -> float:
    """Σ|w| (`power` 1) or Σw² (`power` 2), accumulated in float64 whatever the array's dtype."""
    entry = np.abs if power == 1 else np.square
    if array.size <= CHUNK:  # What most hooks are given has one chunk.
        return float(np.add.reduce(entry(array, dtype=np.float64), axis=None))
    sums = (np.add.reduce(entry(chunk, dtype=np.float64), axis=None) for (chunk,) in chunks(array))
    return float(sum(map(float, sums)))
