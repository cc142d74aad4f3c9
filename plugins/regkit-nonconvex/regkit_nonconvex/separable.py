"""The base class of this package's penalties: sums over entries of a function of |w|."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64, largest

if TYPE_CHECKING:
    from collections.abc import Callable

    from regkit.array_types import Array

    OfStep = Callable[[float | Array], Array]


class Separable(Regularizer, ABC):
    """λ Σ height(|w|): a subclass defines height, slope and proximal point as functions of |w|.

    The gradient is sign(w) · slope(|w|), and 0 at w = 0, where every one of these penalties has a
    kink: there the subgradients are the numbers from −`slope_at_zero` to `slope_at_zero`. `height`
    and `shrunk` are given float64 where the array's library has it, `slope` the parameter's own
    type.
    """

    even: ClassVar[bool] = True
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    sparsifying: ClassVar[bool] = True
    array_step: ClassVar[bool] = True
    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True

    @property
    def slope_at_zero(self) -> float:
        """The limit of `slope` at 0 from above, ∞ included."""
        return 1.0

    @abstractmethod
    def height(self, size: Array) -> Array:
        """The penalty of each entry, from its absolute value."""

    @abstractmethod
    def slope(self, size: Array) -> Array:
        """The derivative of `height`; any finite number at 0."""

    @abstractmethod
    def shrunk(self, size: Array, step: float | Array) -> Array:
        """The minimizer over x ≥ 0 of step · height(x) + ½(x − size)², NaN where size is NaN."""

    def value(self, w: Array) -> Array:
        """Σ height(|w|), accumulated in float64."""
        return float64_sum(self.height(abs(in_float64(w))))

    def grad(self, w: Array) -> Array:
        """sign(w) · slope(|w|)."""
        gradient: Array = array_namespace(w).sign(w) * self.slope(abs(w))
        return gradient

    def prox(self, w: Array, step: float | Array) -> Array:
        """sign(w) · shrunk(|w|, step), the global minimizer whatever the step."""
        xp = array_namespace(w)
        size = abs(in_float64(w))
        step = float(step) if isinstance(step, int | float) else in_float64(step)
        point: Array = xp.astype(xp.copysign(self.shrunk(size, step), w), w.dtype, copy=False)
        return point

    def dual_norm(self, g: Array) -> float:
        """max|g| / `slope_at_zero`."""
        return largest(abs(in_float64(g))) / self.slope_at_zero

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest |g + gradient|; where w is 0, max(|g| − `slope_at_zero`, 0)."""
        xp = array_namespace(w)
        w, g = in_float64(w), in_float64(g)
        at_zero = xp.maximum(abs(g) - self.slope_at_zero, 0)
        return largest(xp.where(w == 0, at_zero, abs(g + self.grad(w))))


def lower_of(
    below: float | Array, above: Array, rise: Array, size: Array, step: float | Array
) -> Array:
    """`below` where step · height(x) + ½(x − size)² is no higher there than at `above`.

    Args:
        below: one candidate for the proximal point.
        above: the other; NaN stays NaN.
        rise: height(above) − height(below).
        size: the point itself, of which both are candidates.
        step: one for all entries, or one for each.
    """
    gain = (below - above) * (below + above - 2 * size) / 2 - step * rise
    # NaN compares false, and is kept.
    lower: Array = array_namespace(size).where(gain <= 0, below, above)
    return lower


def where_convex(step: float | Array, largest: float, convex: OfStep, beyond: OfStep) -> Array:
    """`convex(step)` where the step is below `largest`, and `beyond(step)` elsewhere.

    A single step needs one of the two, an array of steps both; `convex` is given no other steps
    than those below `largest`.
    """
    if isinstance(step, float):
        return convex(step) if step < largest else beyond(step)
    xp = array_namespace(step)
    below = xp.minimum(step, math.nextafter(largest, 0.0))
    chosen: Array = xp.where(step < largest, convex(below), beyond(step))
    return chosen
