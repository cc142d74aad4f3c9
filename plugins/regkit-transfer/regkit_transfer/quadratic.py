"""What L2-SP and EWC share: the squared distance to the reference, entries weighted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace, float64_sum
from regkit.array_libraries import in_float64, largest
from regkit_transfer.referenced import Referenced

if TYPE_CHECKING:
    from regkit.array_types import Array


class Quadratic(Referenced, ABC):
    """λ Σ F (w − w₀)²: a subclass defines the factors F ≥ 0, and the reference is w₀."""

    convex: ClassVar[bool] = True
    minimum: ClassVar[float] = 0.0

    @abstractmethod
    def factors(self, w: Array) -> float | Array:
        """F, one for all entries or an array beside w."""

    def value(self, w: Array) -> Array:
        """Σ F (w − w₀)², accumulated in float64."""
        return float64_sum(self.factors(w) * self._offset(w) ** 2)

    def grad(self, w: Array) -> Array:
        """2 F (w − w₀)."""
        gradient = 2 * self.factors(w) * self._offset(w)
        cast: Array = array_namespace(w).astype(gradient, w.dtype, copy=False)
        return cast

    def prox(self, w: Array, step: float | Array) -> Array:
        """w − (w − w₀) · c/(1 + c), c = 2 · step · F: the weighted mean of w and w₀."""
        twice = 2 * (step if isinstance(step, int | float) else in_float64(step))
        c = twice * self.factors(w)
        point = in_float64(w) - self._offset(w) * (c / (1 + c))
        cast: Array = array_namespace(w).astype(point, w.dtype, copy=False)
        return cast

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest |g + 2 F (w − w₀)|."""
        return largest(abs(in_float64(g) + 2 * self.factors(w) * self._offset(w)))

    def _offset(self, w: Array) -> Array:
        offset: Array = in_float64(w) - self.beside(w, self.reference)
        return offset
