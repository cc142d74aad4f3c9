"""The adaptive lasso: L1 that is weak on weights which were large before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace, float64_sum
from regkit.array_libraries import in_float64, largest
from regkit.errors import FieldError
from regkit_transfer.referenced import Referenced

if TYPE_CHECKING:
    from regkit.array_types import Array


class AdaptiveLasso(Referenced):
    """λ Σ c|w|, c = 1/max(|w₀|, ε)^γ: L1 with a strength for each weight, from a first estimate w₀.

    Weights that were small in the reference are pulled hard, large ones hardly: that removes most
    of L1's bias, and the penalty stays convex. `epsilon` keeps c finite where w₀ is 0.

    The gradient is c · sign(w), and 0 at 0. The proximal operator is the soft threshold at
    step × strength × c.

    Source: Zou (2006), *The adaptive lasso and its oracle properties*, equation 4.

    Raises:
        FieldError: `gamma` or `epsilon` is not above 0 and finite.
    """

    gamma: float = 1.0
    epsilon: float = 1e-3

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    sparsifying: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("gamma", "epsilon"):
            given = getattr(self, name)
            if not 0 < given < math.inf:
                raise FieldError(f"AdaptiveLasso: {name} must be above 0 and finite, got {given!r}")

    def factors(self, w: Array) -> Array:
        """c, beside w."""
        sizes = abs(self.beside(w, self.reference))
        factors: Array = array_namespace(w).maximum(sizes, self.epsilon) ** -self.gamma
        return factors

    def value(self, w: Array) -> Array:
        """Σ c|w|, accumulated in float64."""
        return float64_sum(self.factors(w) * abs(in_float64(w)))

    def grad(self, w: Array) -> Array:
        """c · sign(w)."""
        xp = array_namespace(w)
        gradient: Array = xp.astype(self.factors(w) * xp.sign(in_float64(w)), w.dtype, copy=False)
        return gradient

    def prox(self, w: Array, step: float | Array) -> Array:
        """sign(w) · max(|w| − step · c, 0)."""
        xp = array_namespace(w)
        step = step if isinstance(step, int | float) else in_float64(step)
        size = xp.maximum(abs(in_float64(w)) - step * self.factors(w), 0)
        point: Array = xp.copysign(xp.astype(size, w.dtype, copy=False), w)
        return point

    def dual_norm(self, g: Array) -> float:
        """max |g|/c."""
        return largest(abs(in_float64(g)) / self.factors(g))

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest |g + c · sign(w)|; where w is 0, max(|g| − c, 0)."""
        xp = array_namespace(w)
        w, g, factors = in_float64(w), in_float64(g), self.factors(w)
        at_zero = xp.maximum(abs(g) - factors, 0)
        return largest(xp.where(w == 0, at_zero, abs(g + factors * xp.sign(w))))
