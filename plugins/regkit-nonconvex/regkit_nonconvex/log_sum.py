"""The log-sum penalty, λ Σ log(1 + |w|/ε)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from regkit.errors import FieldError
from regkit_nonconvex.separable import Separable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LogSum(Separable):
    """λ Σ log(1 + |w|/ε), ε = `epsilon`: a steep pull near 0 that fades as 1/|w|.

    The gradient is sign(w) / (ε + |w|), and 0 at 0. The proximal objective is convex up to
    step × strength = ε²; beyond it has two minima, and the proximal operator compares them, so
    that it is exact for every step.

    Source: Candès, Wakin & Boyd (2008), *Enhancing sparsity by reweighted ℓ1 minimization*.

    Raises:
        FieldError: `epsilon` is not above 0 and finite.
    """

    epsilon: float = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.epsilon < math.inf:
            raise FieldError(f"LogSum: epsilon must be above 0 and finite, got {self.epsilon!r}")

    def height(self, size: NDArray[Any]) -> NDArray[Any]:
        """log(1 + |w|/ε)."""
        return np.log1p(size / self.epsilon)

    def slope(self, size: NDArray[Any]) -> NDArray[Any]:
        """1 / (ε + |w|)."""
        return 1 / (self.epsilon + size)

    def shrunk(self, size: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """The larger root of (x + ε)(x − |w|) + step = 0, or 0 where that is lower."""
        root = np.maximum(self._larger_root(size, step), 0)
        # The objective at the root minus that at 0.
        gain = step * self.height(root) - root * (size - root / 2)
        # NaN compares false, and is kept.
        return np.where(gain >= 0, 0, root)

    def _larger_root(self, size: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        # Where the roots are not real, the objective rises throughout and 0 wins anyway.
        real = np.maximum(size + self.epsilon - 2 * np.sqrt(step), 0)
        discriminant = real * (size + self.epsilon + 2 * np.sqrt(step))
        half = (np.abs(size - self.epsilon) + np.sqrt(discriminant)) / 2
        # Of the two forms of a root, the one without cancellation.
        product = step - size * self.epsilon
        other = np.divide(-product, half, out=np.zeros_like(half), where=half != 0)
        root: NDArray[Any] = np.where(size < self.epsilon, other, half)
        return root
