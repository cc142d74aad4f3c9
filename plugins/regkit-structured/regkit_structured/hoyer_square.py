"""The Hoyer-square penalty, λ (Σ|w|)² / Σw²."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64

if TYPE_CHECKING:
    from regkit.array_types import Array


class HoyerSquare(Regularizer):
    """λ (Σ|w|)² / Σw²: a smooth count of the weights that matter, whatever their scale.

    Over n weights it lies between 1 (one weight is not 0) and n (all of one size). It does not
    shrink an array but makes it uneven: weights below Σw² / Σ|w| in size are pushed to 0, those
    above it grow. At w = 0, where the quotient is undefined, value and gradient are 0.

    With S = Σ|w| and Q = Σw², the gradient is (2S/Q) (sign(w) − (S/Q) w), with sign(0) = 0. No
    proximal operator is defined.

    Source: Yang, Wen & Li (2020), *DeepHoyer: learning sparser neural network with differentiable
    scale-invariant sparsity measures*.
    """

    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 0
    minimum: ClassVar[float] = 0.0
    sparsifying: ClassVar[bool] = True
    array_api: ClassVar[bool] = True

    def value(self, w: Array) -> Array:
        """(Σ|w|)² / Σw², accumulated in float64; 0 where every weight is 0."""
        total, squares = _sums(w)
        return total**2 / squares

    def grad(self, w: Array) -> Array:
        """(2S/Q) (sign(w) − (S/Q) w); 0 where every weight is 0."""
        xp = array_namespace(w)
        total, squares = _sums(w)
        ratio = total / squares
        # In float64: where all weights have one size, the two terms cancel.
        weights = in_float64(w)
        # A weight that is 0 stays there: its gradient is 0.
        slopes = 2 * ratio * (xp.sign(weights) - ratio * weights)
        gradient: Array = xp.astype(slopes, w.dtype, copy=False)
        return gradient


def _sums(w: Array) -> tuple[Array, Array]:
    """Σ|w|, and Σw² or 1 where every weight is 0."""
    xp = array_namespace(w)
    squares = float64_sum(in_float64(w) ** 2)
    return float64_sum(abs(w)), xp.where(squares == 0, xp.ones_like(squares), squares)
