"""Capped L1, λ Σ min(|w|, cap)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_nonconvex.separable import Separable, lower_of

if TYPE_CHECKING:
    from regkit.array_types import Array


class CappedL1(Separable):
    """λ Σ min(|w|, c), c = `cap`: L1 for small weights, a constant for all others.

    The gradient is sign(w) where |w| < c, and 0 at 0 and from c on. The proximal operator
    compares the best point on either side of the cap, so that it is exact for every step.

    Source: Zhang (2010), *Analysis of multi-stage convex relaxation for sparse regularization*.

    Raises:
        FieldError: `cap` is not above 0 and finite.
    """

    cap: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.cap < math.inf:
            raise FieldError(f"CappedL1: cap must be above 0 and finite, got {self.cap!r}")

    def height(self, size: Array) -> Array:
        """min(|w|, c)."""
        height: Array = array_namespace(size).minimum(size, self.cap)
        return height

    def slope(self, size: Array) -> Array:
        """1 below the cap, then 0."""
        slope: Array = array_namespace(size).astype(size < self.cap, size.dtype)
        return slope

    def shrunk(self, size: Array, step: float | Array) -> Array:
        """The better of the soft threshold, at most c, and |w|, at least c."""
        xp = array_namespace(size)
        below = xp.clip(size - step, 0, self.cap)
        return lower_of(below, xp.maximum(size, self.cap), self.cap - below, size, step)
