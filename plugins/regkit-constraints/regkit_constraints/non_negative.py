"""Entries that are at least 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit_constraints.constraint import Constraint

if TYPE_CHECKING:
    from regkit.array_types import Array


class NonNegative(Constraint):
    """w ≥ 0, entry by entry: the projection sets negative entries to 0.

    Such weights only add, so that each neuron collects parts of its input.

    Source: Lee & Seung (1999), *Learning the parts of objects by non-negative matrix
    factorization*; Chorowski & Zurada (2015), *Learning understandable neural networks with
    nonnegative weight constraints*.
    """

    convex: ClassVar[bool] = True
    elementwise: ClassVar[bool] = True

    def projection(self, w: Array) -> Array:
        """max(w, 0)."""
        positive: Array = array_namespace(w).maximum(w, 0)
        return positive
