"""The log-sum penalty, λ Σ log(1 + |w|/ε)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_nonconvex.separable import Separable, lower_of

if TYPE_CHECKING:
    from regkit.array_types import Array


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

    @property
    def slope_at_zero(self) -> float:
        """1/ε."""
        return 1 / self.epsilon

    def height(self, size: Array) -> Array:
        """log(1 + |w|/ε)."""
        height: Array = array_namespace(size).log1p(size / self.epsilon)
        return height

    def slope(self, size: Array) -> Array:
        """1 / (ε + |w|)."""
        return 1 / (self.epsilon + size)

    def shrunk(self, size: Array, step: float | Array) -> Array:
        """The larger root of (x + ε)(x − |w|) + step = 0, or 0 where that is lower."""
        root = array_namespace(size).maximum(self._larger_root(size, step), 0)
        return lower_of(0.0, root, self.height(root), size, step)

    def _larger_root(self, size: Array, step: float | Array) -> Array:
        # Where the roots are not real, the objective rises throughout and 0 wins anyway.
        xp = array_namespace(size)
        sum_, distance = size + self.epsilon, 2 * step**0.5
        discriminant = xp.maximum(sum_ - distance, 0) * (sum_ + distance)
        half = (abs(size - self.epsilon) + xp.sqrt(discriminant)) / 2
        # Of the two forms of a root, the one without cancellation.
        other = (size * self.epsilon - step) / xp.where(half == 0, 1.0, half)
        root: Array = xp.where(size < self.epsilon, other, half)
        return root
