"""The nuclear norm, λ Σσ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit import Regularizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]


class NuclearNorm(Regularizer):
    """λ Σσ: the sum of singular values of a matrix, which pushes it towards low rank.

    With the singular value decomposition W = U diag(σ) Vᵀ the gradient is U Vᵀ over the singular
    values that are not 0 to rounding: the subgradient of least norm. The proximal operator lowers
    every singular value by the step and stops at 0.

    Source: Fazel (2002), *Matrix rank minimization with applications*; Cai, Candès & Shen (2010),
    *A singular value thresholding algorithm for matrix completion*, theorem 2.1.
    """

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0

    def value(self, w: NDArray[Any]) -> float:
        """Σσ, in float64."""
        _, singular, _ = _decomposed(w)
        return float(np.sum(singular))

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """U Vᵀ over the singular values that are not 0 to rounding."""
        u, singular, v = _decomposed(w)
        rounding = np.finfo(np.float64).eps * max(w.shape) * np.max(singular, initial=0)
        # Not `singular > rounding`, which would drop NaN.
        rank = int(np.count_nonzero(~(singular <= rounding)))
        return (u[:, :rank] @ v[:rank]).astype(w.dtype, copy=False)

    def prox(self, w: NDArray[Any], step: float) -> NDArray[Any]:
        """U diag(max(σ − step, 0)) Vᵀ."""
        u, singular, v = _decomposed(w)
        if np.all(singular >= step):
            # Nothing reaches 0: subtracting keeps more digits, and every one of them at step 0.
            point = w - step * (u @ v)
        else:
            point = (u * np.maximum(singular - step, 0)) @ v
        return point.astype(w.dtype, copy=False)


def _decomposed(w: NDArray[Any]) -> tuple[Matrix, Matrix, Matrix]:
    """U, σ in descending order, and Vᵀ; all NaN where w is not finite, since LAPACK would raise."""
    matrix = w.astype(np.float64)
    if not np.all(np.isfinite(matrix)):
        u, singular, v = np.linalg.svd(np.zeros_like(matrix), full_matrices=False)
        return u * np.nan, singular * np.nan, v * np.nan
    u, singular, v = np.linalg.svd(matrix, full_matrices=False)
    return u, singular, v
