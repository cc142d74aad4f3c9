"""The base class of penalties on groups: sums of a function of each group's norm."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import prod, sqrt
from typing import TYPE_CHECKING, ClassVar, Literal

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64, largest
from regkit_group_lasso.weighted_threshold import weighted_threshold

if TYPE_CHECKING:
    from regkit.array_types import Array


class Grouped(Regularizer, ABC):
    """λ √p Σ height(‖group‖), p = weights in a group: a subclass gives height, slope and threshold.

    A group is the weights into one neuron (`groups="incoming"`, a column of (n_inputs, n_neurons))
    or the weights leaving one input (`"outgoing"`, a row). A layer's biases (1, n_neurons) are the
    weights that leave the constant input 1: incoming, each bias is a group of its own; outgoing,
    all of them are one group.

    `height` starts with slope 1 at 0. Norms are float64 where the array's library has it.
    """

    groups: Literal["incoming", "outgoing"] = "incoming"

    even: ClassVar[bool] = True
    minimum: ClassVar[float] = 0.0
    sparsifying: ClassVar[bool] = True
    array_step: ClassVar[bool] = True
    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True

    @abstractmethod
    def height(self, norms: Array, size: int) -> Array:
        """The penalty of groups of `size` weights, over √size, from their norms."""

    @abstractmethod
    def slope(self, norms: Array, size: int) -> Array:
        """The derivative of `height` by the norm."""

    @abstractmethod
    def threshold(self, norms: Array, step: float | Array, size: int) -> Array:
        """argmin over r ≥ 0 of step √size · height(r) + ½(r − norm)²."""

    def free_from(self, size: int) -> float | None:
        """The norm from which `height` is constant, a group MCP's; None if it rises linearly."""
        return None

    def value(self, w: Array) -> Array:
        """√p Σ height(‖group‖), accumulated in float64."""
        rows = self.rows(w)
        size = rows.shape[1]
        return sqrt(size) * float64_sum(self.height(norms_of(rows), size))

    def grad(self, w: Array) -> Array:
        """√p · slope(‖group‖) · group / ‖group‖, and 0 for a group that is 0."""
        return self._scaled(w, lambda norms, size: sqrt(size) * self.slope(norms, size))

    def prox(self, w: Array, step: float | Array) -> Array:
        """Each group with its norm at the threshold; for an array of steps in their metric."""
        if isinstance(step, int | float) or step.shape == ():
            return self._scaled(w, lambda norms, size: self.threshold(norms, step, size))
        rows = self.rows(w)
        size = rows.shape[1]
        points = weighted_threshold(rows, self.rows(step), sqrt(size), self.free_from(size))
        return self._unrowed(points, w)

    def dual_norm(self, g: Array) -> float:
        """max ‖group of g‖ / √p."""
        rows = self.rows(g)
        return largest(norms_of(rows) / sqrt(max(rows.shape[1], 1)))

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest ‖group of g + gradient‖; where a group is 0, max(‖group of g‖ − √p, 0)."""
        xp = array_namespace(w)
        w, g = in_float64(w), in_float64(g)
        rows = self.rows(g)
        at_zero = xp.maximum(norms_of(rows) - sqrt(rows.shape[1]), 0)
        elsewhere = norms_of(self.rows(g + self.grad(w)))
        return largest(xp.where(norms_of(self.rows(w)) == 0, at_zero, elsewhere))

    def rows(self, w: Array) -> Array:
        """(groups, entries): w with each group in a row, for NumPy's matrices a view."""
        xp = array_namespace(w)
        matrix: Array = xp.reshape(w, (prod(w.shape[:-1]), w.shape[-1]))
        return matrix if self.groups == "outgoing" else matrix.T

    def _unrowed(self, rows: Array, w: Array) -> Array:
        """The inverse of `rows`, in w's shape."""
        xp = array_namespace(w)
        unrowed: Array = xp.reshape(rows if self.groups == "outgoing" else rows.T, w.shape)
        return unrowed

    def _scaled(self, w: Array, length: Callable[[Array, int], Array]) -> Array:
        """Each group times length / ‖group‖, in w's dtype; a group that is 0 stays 0."""
        rows = self.rows(w)
        norms = norms_of(rows)
        xp = array_namespace(w)
        factors = length(norms, rows.shape[1]) / xp.where(norms == 0, 1, norms)
        return self._unrowed(xp.astype(rows * factors, w.dtype, copy=False), w)


def norms_of(rows: Array) -> Array:
    """(groups, 1), ‖group‖ of each row, in float64 where the library has it."""
    xp = array_namespace(rows)
    norms: Array = xp.sqrt(xp.sum(in_float64(rows) ** 2, axis=1, keepdims=True))
    return norms
