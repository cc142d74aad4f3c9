"""The ℓ½ penalty, λ Σ√|w|."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit_nonconvex.separable import Separable

if TYPE_CHECKING:
    from regkit.array_types import Array


class LHalf(Separable):
    """λ Σ√|w|: between L1 and counting the weights that are not 0.

    The gradient is sign(w) / (2√|w|). At 0 its slope is infinite and every number a subgradient:
    0 is chosen, and w = 0 is stationary for every strength above 0, so that `dual_norm` is 0. Near
    0 the gradient is as large as floats allow; proximal steps avoid that.

    The proximal operator is the half threshold: 0 up to |w| = 1.5 step^⅔, and from there, with a
    jump to ⅔|w|, ⅔|w| (1 + cos(⅔(π − φ))) with cos φ = (1.5 step^⅔ / |w|)^1.5 / √2. It is exact
    for every step.

    Source: Xu, Chang, Xu & Zhang (2012), *L1/2 regularization: a thresholding representation
    theory and a fast solver* (its λ is 2 × step here).
    """

    homogeneous: ClassVar[float] = 0.5

    @property
    def slope_at_zero(self) -> float:
        """∞."""
        return math.inf

    def height(self, size: Array) -> Array:
        """√|w|."""
        height: Array = array_namespace(size).sqrt(size)
        return height

    def slope(self, size: Array) -> Array:
        """1 / (2√|w|), and 0 at 0."""
        xp = array_namespace(size)
        # Under tracing both branches are computed.
        root = xp.sqrt(xp.where(size == 0, 1.0, size))
        slope: Array = xp.where(size == 0, 0.0, 0.5 / root)
        return slope

    def shrunk(self, size: Array, step: float | Array) -> Array:
        """The half threshold."""
        xp = array_namespace(size)
        threshold = 1.5 * step ** (2 / 3)
        above = xp.maximum(size, threshold)
        ratio = threshold / xp.where(above == 0, 1.0, above)
        angle = xp.acos(ratio**1.5 / math.sqrt(2))
        root = 2 / 3 * above * (1 + xp.cos(2 / 3 * (math.pi - angle)))
        # NaN compares false, and is kept.
        shrunk: Array = xp.where(size <= threshold, 0.0, root)
        return shrunk
