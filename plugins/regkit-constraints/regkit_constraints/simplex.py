"""Neurons that average: non-negative incoming weights of a given sum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_constraints.columns import Groups, by_column
from regkit_constraints.constraint import Constraint

if TYPE_CHECKING:
    from regkit.array_types import Array


class Simplex(Constraint):
    """group ≥ 0 and Σ group = total: the projection subtracts a threshold and cuts off at 0.

    A group is the weights into one neuron (`groups="incoming"`, a column of (n_inputs, n_neurons)),
    which then is a weighted mean of its inputs times `total`, or the weights leaving one input
    (`"outgoing"`, a row). The projection finds exact zeros.

    Source: Held, Wolfe & Crowder (1974), *Validation of subgradient optimization*; Duchi et al.
    (2008), *Efficient projections onto the l1-ball for learning in high dimensions*, figure 1.

    Raises:
        FieldError: `total` is not above 0 and finite.
    """

    total: float = 1.0
    groups: Groups = "incoming"

    convex: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 < self.total < math.inf:
            raise FieldError(f"Simplex: total must be above 0 and finite, got {self.total!r}")

    def projection(self, w: Array) -> Array:
        """max(group − θ, 0), with the θ at which the sum is `total`."""
        return by_column(w, self.groups, self._on_simplex)

    def _on_simplex(self, columns: Array, slack: float) -> Array:
        xp = array_namespace(columns)
        total = self.total
        sums = xp.sum(xp.maximum(columns, 0), axis=0, keepdims=True)
        # What rounding leaves beside the total stays, so that a second projection changes nothing.
        holds = xp.all(columns >= 0, axis=0, keepdims=True) & (abs(sums - total) <= slack * total)
        largest = xp.max(columns, axis=0, keepdims=True)
        usable = xp.isfinite(largest)
        # Adding a constant moves no projection, and entries `total` below the largest become 0.
        shifted = xp.maximum(xp.where(usable, columns - xp.where(usable, largest, 0), 0), -total)
        descending = xp.flip(xp.sort(shifted, axis=0), axis=0)
        counts = xp.cumulative_sum(xp.ones_like(descending), axis=0)
        # The threshold of the k largest entries alone is greatest for the k that stay above it.
        thresholds = (xp.cumulative_sum(descending, axis=0) - total) / counts
        point = xp.maximum(shifted - xp.max(thresholds, axis=0, keepdims=True), 0)
        point = point * (total / xp.sum(point, axis=0, keepdims=True))
        projected: Array = xp.where(holds | ~usable, columns, point)
        return projected
