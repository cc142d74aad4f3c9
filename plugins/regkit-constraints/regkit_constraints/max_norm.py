"""Neurons whose incoming weights have at most a given norm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_constraints.columns import Groups, by_column, norms_and_directions
from regkit_constraints.constraint import Constraint

if TYPE_CHECKING:
    from regkit.array_types import Array


class MaxNorm(Constraint):
    """‖group‖ ≤ radius: the projection shortens longer groups to the radius.

    A group is the weights into one neuron (`groups="incoming"`, a column of (n_inputs, n_neurons))
    or the weights leaving one input (`"outgoing"`, a row). Shorter groups stay as they are.

    Source: Srebro & Shraibman (2005), *Rank, trace-norm and max-norm*; Hinton et al. (2012),
    *Improving neural networks by preventing co-adaptation of feature detectors*.

    Raises:
        FieldError: `radius` is not above 0 and finite.
    """

    radius: float = 3.0
    groups: Groups = "incoming"

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 < self.radius < math.inf:
            raise FieldError(f"MaxNorm: radius must be above 0 and finite, got {self.radius!r}")

    def projection(self, w: Array) -> Array:
        """radius · group / ‖group‖ where the norm is larger than the radius."""
        return by_column(w, self.groups, self._shortened)

    def _shortened(self, columns: Array, slack: float) -> Array:
        norms, directions = norms_and_directions(columns)
        # What rounding leaves above the radius stays, so that a second projection changes nothing.
        longer = norms > self.radius * (1 + slack)
        shortened: Array = array_namespace(columns).where(longer, self.radius * directions, columns)
        return shortened
