"""The sparse group lasso: L1 and group lasso combined."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from regkit_group_lasso import GroupLasso
from regkit_group_lasso.grouped import norms_of

from regkit import L1, array_namespace
from regkit.array_libraries import in_float64, largest
from regkit.errors import FieldError
from regkit_structured.sparse_dual_norm import sparse_dual_norm

if TYPE_CHECKING:
    from regkit.array_types import Array
    from regkit.kernels.kernels import Kernels
    from regkit.kernels.root_steps import RootSteps

# The group lasso's subgradient at 0 is 0, so that of the sum is too.
_L1 = L1(at_zero=0.0)


class SparseGroupLasso(GroupLasso):
    """λ (ρ Σ|w| + (1−ρ) √(group size) Σ‖group‖), ρ = `l1_ratio`: few groups, few weights in each.

    Groups are the group lasso's: `groups="incoming"` or `"outgoing"`. The gradient is the two
    combined, with 0 for a weight that is 0. The proximal operator is L1's followed by the group
    lasso's, in this order, also under a step for each entry.

    Source: Simon, Friedman, Hastie & Tibshirani (2013), *A sparse-group lasso*.

    Raises:
        FieldError: `l1_ratio` is outside [0, 1].
    """

    l1_ratio: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.l1_ratio <= 1:
            raise FieldError(f"SparseGroupLasso: l1_ratio must be in [0, 1], got {self.l1_ratio!r}")

    def value(self, w: Array) -> Array:
        """ρ Σ|w| + (1−ρ) √(group size) Σ‖group‖."""
        return self.l1_ratio * _L1.value(w) + (1 - self.l1_ratio) * super().value(w)

    def grad(self, w: Array) -> Array:
        """ρ · L1's + (1−ρ) · the group lasso's."""
        return self.l1_ratio * _L1.grad(w) + (1 - self.l1_ratio) * super().grad(w)

    def prox(self, w: Array, step: float | Array) -> Array:
        """The soft threshold at step · ρ, then the block soft threshold at step (1−ρ)."""
        return super().prox(_L1.prox(w, step * self.l1_ratio), step * (1 - self.l1_ratio))

    def dual_norm(self, g: Array) -> float:
        """The largest root λ over the groups of ‖max(|g| − λρ, 0)‖ = λ (1−ρ) √(group size)."""
        return sparse_dual_norm(np.asarray(in_float64(self.rows(g))), self.l1_ratio)

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest distance of a group of −g to the subgradients of that group."""
        xp = array_namespace(w)
        w, g = in_float64(w), in_float64(g)
        # Where a weight is 0, L1's subgradients are the numbers in [−ρ, ρ].
        thresholded = _L1.prox(g, self.l1_ratio)
        groups = norms_of(self.rows(thresholded))
        radius = (1 - self.l1_ratio) * sqrt(self.rows(w).shape[1])
        elsewhere = norms_of(self.rows(xp.where(w == 0, thresholded, g + self.grad(w))))
        empty = norms_of(self.rows(w)) == 0
        return largest(xp.where(empty, xp.maximum(groups - radius, 0), elsewhere))

    def _set_point(
        self, w: Array, strength: float, steps: RootSteps, out: Array, kernels: Kernels
    ) -> bool:
        # An author's subclass may have a prox of its own.
        if type(self) is not SparseGroupLasso:
            return False
        of_entries = strength * self.l1_ratio
        return self._set_groups(w, strength - of_entries, of_entries, steps, out, kernels)
