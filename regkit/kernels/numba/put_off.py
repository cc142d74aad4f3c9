"""Gradients of penalties that are added while the optimizer passes over the parameters anyway.

On a large network a sweep costs what its memory costs, and one that only adds a penalty's gradient
reads two arrays and writes one. So they are collected, and added entry by entry in the next pass
that reads both. Whether they are added so or at once makes no difference to any digit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from regkit.array_types import Array
from regkit.kernels.linear_gradient import LinearGradient
from regkit.kernels.numba import sweeps


class Pieces(NamedTuple):
    """A flat array in pieces, one after the other, with what is to be added in each.

    Attributes:
        stops: where each ends.
        slopes: (pieces, 3), each row `sign`, `at_zero` and `multiple` of a `LinearGradient`.
    """

    stops: Array
    slopes: Array


class _Within(NamedTuple):
    """What waits for flat gradients: of which numbers it was found, in pieces, and their keys."""

    waiting: list[tuple[int, tuple[float, float, float]]]
    pieces: Pieces
    keys: list[int]


class PutOff:
    """What waits to be added to the gradients of a run."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Array, Array, LinearGradient]] = {}
        # By the identities of arrays, which are kept so that no other array has one of them.
        self._starts: dict[tuple[int, int], tuple[Array, Array, int | None]] = {}
        self._found: dict[int, _Within] = {}
        self._looked_up: dict[int, _Within] = {}  # Since something was added.
        self._empty: dict[int, Pieces] = {}

    def add(self, w: Array, out: Array, gradient: LinearGradient) -> None:
        """Let the gradient at `w` wait to be added to `out`; both are contiguous."""
        before = self._waiting.get(id(out))
        self._waiting[id(out)] = (w, out, gradient if before is None else before[2] + gradient)
        self._looked_up.clear()

    def settle(self) -> None:
        """Add all that waits."""
        for w, out, gradient in self._waiting.values():
            sweeps.add_gradient(w, out, *map(out.dtype.type, gradient.numbers))
        self._waiting.clear()

    def within(self, params: Array, grads: Array) -> Pieces | None:
        """What is to be added to these flat gradients, at parameters that lie alike; or None."""
        if not self._waiting:
            return None
        found = self._looked_up.get(id(grads)) or self._look_up(params, grads)
        return found.pieces if found.keys else None

    def take(self, params: Array, grads: Array) -> Pieces:
        """The same, which then waits no longer, since the caller adds it; else one empty piece."""
        pieces = self.within(params, grads)
        if pieces is None:
            pieces = self._empty.get(grads.size) or _pieces([], grads)
            self._empty[grads.size] = pieces
            return pieces
        keys = self._looked_up[id(grads)].keys
        self._looked_up.clear()
        if len(keys) == len(self._waiting):
            self._waiting.clear()
        else:
            for key in keys:
                del self._waiting[key]
        return pieces

    def _look_up(self, params: Array, grads: Array) -> _Within:
        waiting = [(key, one[2].numbers) for key, one in self._waiting.items()]
        found = self._found.get(id(grads))
        # Without schedules it is the same in every step.
        if found is None or found.waiting != waiting:
            starts = {
                key: start
                for key, (w, out, _) in self._waiting.items()
                if (start := self._start(w, out, params, grads)) is not None
            }
            inside = [
                (start, self._waiting[key][1].size, self._waiting[key][2].numbers)
                for key, start in starts.items()
            ]
            found = self._found[id(grads)] = _Within(waiting, _pieces(inside, grads), list(starts))
        self._looked_up[id(grads)] = found
        return found

    def _start(self, w: Array, out: Array, params: Array, grads: Array) -> int | None:
        """Where `out` begins in `grads`, and `w` in `params`; None if they lie elsewhere."""
        known = self._starts.get((id(out), id(grads)))
        if known is None:
            start = _offset(out, grads)
            alike = start is not None and start == _offset(w, params)
            known = self._starts[id(out), id(grads)] = out, grads, start if alike else None
        return known[2]


def _offset(part: Array, whole: Array) -> int | None:
    """The entry of a flat array at which a contiguous view of it begins; None if it is none."""
    start: int = (part.ctypes.data - whole.ctypes.data) // whole.itemsize
    same = part.dtype == whole.dtype and np.shares_memory(part, whole)
    return start if same and 0 <= start <= whole.size - part.size else None


def _pieces(inside: list[tuple[int, int, tuple[float, float, float]]], grads: Array) -> Pieces:
    stops: list[int] = []
    slopes: list[tuple[float, float, float]] = []
    nothing = (0.0, 0.0, 0.0)
    end = 0
    for start, size, slope in sorted(inside):
        if start > end:
            stops.append(start)
            slopes.append(nothing)
        end = start + size
        stops.append(end)
        slopes.append(slope)
    if end < grads.size:
        stops.append(grads.size)
        slopes.append(nothing)
    return Pieces(np.array(stops), np.array(slopes, grads.dtype))
