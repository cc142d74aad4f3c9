"""The Hoyer-square penalty, λ (Σ|w|)² / Σw²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit import L1, L2, Regularizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A weight that is 0 stays there: its gradient is 0.
_L1 = L1(at_zero=0.0)
_L2 = L2()


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

    def value(self, w: NDArray[Any]) -> float:
        """(Σ|w|)² / Σw², accumulated in float64; 0 where every weight is 0."""
        squares = _L2.value(w)
        return _L1.value(w) ** 2 / squares if squares else 0.0

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """(2S/Q) (sign(w) − (S/Q) w); 0 where every weight is 0."""
        squares = _L2.value(w)
        if not squares:
            return np.zeros_like(w)
        ratio = _L1.value(w) / squares
        # In float64: where all weights have one size, the two terms cancel.
        uneven = _L1.grad(w) - np.multiply(w, ratio, dtype=np.float64)
        gradient: NDArray[Any] = (2 * ratio * uneven).astype(w.dtype, copy=False)
        return gradient
