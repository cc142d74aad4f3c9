"""The ℓ½ penalty, λ Σ√|w|."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit_nonconvex.separable import Separable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LHalf(Separable):
    """λ Σ√|w|: between L1 and counting the weights that are not 0.

    The gradient is sign(w) / (2√|w|). At 0 its slope is infinite and every number a subgradient:
    0 is chosen. Near 0 the gradient is as large as floats allow; proximal steps avoid that.

    The proximal operator is the half threshold: 0 up to |w| = 1.5 step^⅔, and from there, with a
    jump to ⅔|w|, ⅔|w| (1 + cos(⅔(π − φ))) with cos φ = (1.5 step^⅔ / |w|)^1.5 / √2. It is exact
    for every step.

    Source: Xu, Chang, Xu & Zhang (2012), *L1/2 regularization: a thresholding representation
    theory and a fast solver* (its λ is 2 × step here).
    """

    homogeneous: ClassVar[float] = 0.5

    def height(self, size: NDArray[Any]) -> NDArray[Any]:
        """√|w|."""
        height: NDArray[Any] = np.sqrt(size)
        return height

    def slope(self, size: NDArray[Any]) -> NDArray[Any]:
        """1 / (2√|w|), and 0 at 0."""
        slope: NDArray[Any] = np.divide(
            0.5, np.sqrt(size), out=np.zeros_like(size), where=size != 0
        )
        return slope

    def shrunk(self, size: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """The half threshold."""
        threshold = 1.5 * np.cbrt(np.square(step))
        above = np.maximum(size, threshold)
        ratio = np.divide(threshold, above, out=np.zeros_like(above), where=above != 0)
        angle = np.arccos(ratio**1.5 / math.sqrt(2))
        root = 2 / 3 * above * (1 + np.cos(2 / 3 * (math.pi - angle)))
        # NaN compares false, and is kept.
        return np.where(size <= threshold, 0, root)
