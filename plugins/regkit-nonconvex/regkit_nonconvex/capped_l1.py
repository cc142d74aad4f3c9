"""Capped L1, λ Σ min(|w|, cap)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from regkit.errors import FieldError
from regkit_nonconvex.separable import Separable

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

    def height(self, size: NDArray[Any]) -> NDArray[Any]:
        """min(|w|, c)."""
        height: NDArray[Any] = np.minimum(size, self.cap)
        return height

    def slope(self, size: NDArray[Any]) -> NDArray[Any]:
        """1 below the cap, then 0."""
        return (size < self.cap).astype(size.dtype)

    def shrunk(self, size: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """The better of the soft threshold, at most c, and |w|, at least c."""
        below = np.clip(size - step, 0, self.cap)
        above = np.maximum(size, self.cap)
        # The objective below the cap minus that above it.
        gain = step * (below - self.cap) + (below - above) * (below + above - 2 * size) / 2
        # NaN compares false, and is kept.
        return np.where(gain <= 0, below, above)
