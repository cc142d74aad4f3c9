"""Neurons whose incoming weights have the norm 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit_constraints.columns import Groups, by_column, norms_and_directions
from regkit_constraints.constraint import Constraint

if TYPE_CHECKING:
    from regkit.array_types import Array


class UnitNorm(Constraint):
    """‖group‖ = 1: the projection divides each group by its norm.

    A group is the weights into one neuron (`groups="incoming"`, a column of (n_inputs, n_neurons))
    or the weights leaving one input (`"outgoing"`, a row). To a group of zeros every unit vector is
    equally near; it becomes the one whose p entries are all 1/√p. The set is not convex.

    Source: Salimans & Kingma (2016), *Weight normalization*, without its learned lengths.
    """

    groups: Groups = "incoming"

    even: ClassVar[bool] = True

    def projection(self, w: Array) -> Array:
        """group / ‖group‖."""
        return by_column(w, self.groups, _normalized)


def _normalized(columns: Array, slack: float) -> Array:
    xp = array_namespace(columns)
    norms, directions = norms_and_directions(columns)
    # What rounding leaves beside 1 stays, so that a second projection changes nothing.
    other = abs(norms - 1) > slack
    unit = xp.where(norms == 0, 1 / math.sqrt(columns.shape[0]), directions)
    normalized: Array = xp.where(other, unit, columns)
    return normalized
