"""The base class of this package's penalties: sums over entries of a function of |w|."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit import Regularizer

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Separable(Regularizer, ABC):
    """λ Σ height(|w|): a subclass defines height, slope and proximal point as functions of |w|.

    The gradient is sign(w) · slope(|w|), and 0 at w = 0, where every one of these penalties has a
    kink. `height` and `shrunk` are given float64, `slope` the parameter's own type.
    """

    even: ClassVar[bool] = True
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    sparsifying: ClassVar[bool] = True
    array_step: ClassVar[bool] = True

    @abstractmethod
    def height(self, size: NDArray[Any]) -> NDArray[Any]:
        """The penalty of each entry, from its absolute value."""

    @abstractmethod
    def slope(self, size: NDArray[Any]) -> NDArray[Any]:
        """The derivative of `height`; any finite number at 0."""

    @abstractmethod
    def shrunk(self, size: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """The minimizer over x ≥ 0 of step · height(x) + ½(x − size)², NaN where size is NaN."""

    def value(self, w: NDArray[Any]) -> float:
        """Σ height(|w|), accumulated in float64."""
        return float(np.sum(self.height(np.abs(w, dtype=np.float64))))

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """sign(w) · slope(|w|)."""
        gradient: NDArray[Any] = np.sign(w) * self.slope(np.abs(w))
        return gradient

    def prox(self, w: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """sign(w) · shrunk(|w|, step)."""
        shrunk = self.shrunk(np.abs(w, dtype=np.float64), step)
        point: NDArray[Any] = np.copysign(shrunk, w).astype(w.dtype, copy=False)
        return point
