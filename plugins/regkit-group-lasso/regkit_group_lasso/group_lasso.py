"""The group lasso, λ √(group size) Σ‖group‖."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit_group_lasso.grouped import Grouped

if TYPE_CHECKING:
    from regkit.array_types import Array
    from regkit.kernels.kernels import Kernels
    from regkit.kernels.root_steps import RootSteps


class GroupLasso(Grouped):
    """λ √(group size) Σ‖group‖: the sum of Euclidean norms, which empties whole groups at once.

    A group is the weights into one neuron (`groups="incoming"`, a column of (n_inputs, n_neurons))
    or the weights leaving one input (`"outgoing"`, a row). A layer's biases (1, n_neurons) are the
    weights that leave the constant input 1: incoming, each bias is a group of its own; outgoing,
    all of them are one group.

    The gradient is √(group size) · group / ‖group‖, and 0 for a group that is 0. The proximal
    operator is the block soft threshold; under a step for each entry it is the root of a scalar
    equation for each group.

    Source: Yuan & Lin (2006), *Model selection and estimation in regression with grouped
    variables*; Scardapane et al. (2017), *Group sparse regularization for deep neural networks*.
    """

    convex: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1

    def height(self, norms: Array, size: int) -> Array:
        """‖group‖."""
        return norms

    def slope(self, norms: Array, size: int) -> Array:
        """1."""
        ones: Array = array_namespace(norms).ones_like(norms)
        return ones

    def threshold(self, norms: Array, step: float | Array, size: int) -> Array:
        """max(‖group‖ − step √(group size), 0)."""
        kept: Array = array_namespace(norms).maximum(norms - step * sqrt(size), 0)
        return kept

    def _set_point(
        self, w: Array, strength: float, steps: RootSteps, out: Array, kernels: Kernels
    ) -> bool:
        # An author's subclass may have a prox of its own.
        return type(self) is GroupLasso and self._set_groups(w, strength, 0.0, steps, out, kernels)

    def _set_groups(
        self,
        w: Array,
        group_strength: float,
        entry_strength: float,
        steps: RootSteps,
        out: Array,
        kernels: Kernels,
    ) -> bool:
        """The kernels' point for both strengths, on √(group size) Σ‖group‖ and on Σ|w|."""
        rows = self.rows(w)
        return kernels.group_prox(
            rows,
            self.rows(out),
            steps.of(self.rows(steps.cache)),
            group_strength=group_strength * sqrt(rows.shape[1]),
            entry_strength=entry_strength,
        )
