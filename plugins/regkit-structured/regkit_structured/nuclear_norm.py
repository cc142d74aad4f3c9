"""The nuclear norm, λ Σσ."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64
from regkit_structured.matrices import ONE_STEP, decomposed, require_matrix

if TYPE_CHECKING:
    from regkit.array_types import Array


class NuclearNorm(Regularizer):
    """λ Σσ: the sum of singular values of a matrix, which pushes it towards low rank.

    With the singular value decomposition W = U diag(σ) Vᵀ the gradient is U Vᵀ over the singular
    values that are not 0 to rounding: the subgradient of least norm. The proximal operator lowers
    every singular value by the step and stops at 0.

    Source: Fazel (2002), *Matrix rank minimization with applications*; Cai, Candès & Shen (2010),
    *A singular value thresholding algorithm for matrix completion*, theorem 2.1.

    Raises:
        FieldError: a selected array is no matrix.
    """

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True
    no_array_step: ClassVar[str] = ONE_STEP

    def value(self, w: Array) -> Array:
        """Σσ, in float64."""
        require_matrix(self, w)
        _, singular, _ = decomposed(w)
        return float64_sum(singular)

    def grad(self, w: Array) -> Array:
        """U Vᵀ over the singular values that are not 0 to rounding."""
        require_matrix(self, w)
        u, singular, v = decomposed(w)
        xp = array_namespace(w)
        kept = _kept(singular, w.shape, float(xp.finfo(singular.dtype).eps))
        gradient: Array = xp.astype((u * kept) @ v, w.dtype, copy=False)
        return gradient

    def prox(self, w: Array, step: float) -> Array:
        """U diag(max(σ − step, 0)) Vᵀ."""
        require_matrix(self, w)
        xp = array_namespace(w)
        u, singular, v = decomposed(w)
        lowered = (u * xp.maximum(singular - step, 0)) @ v
        # If nothing reaches 0, subtracting keeps more digits, and every one of them at step 0.
        lowest = xp.where(xp.all(singular >= step), w - step * (u @ v), lowered)
        point: Array = xp.astype(lowest, w.dtype, copy=False)
        return point

    def dual_norm(self, g: Array) -> float:
        """The largest singular value of g."""
        require_matrix(self, g)
        _, singular, _ = decomposed(g)
        return float(singular[0]) if singular.shape[0] else 0.0

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest entry of −g minus the subgradient nearest to it.

        The subgradients are U Vᵀ + M over the singular values that are not 0, with UᵀM = 0, MV = 0
        and no singular value of M above 1. What counts as 0 goes by w's own type, in which it was
        rounded.
        """
        require_matrix(self, w)
        if not prod(w.shape):
            return 0.0
        xp = array_namespace(w)
        u, singular, v = decomposed(w)
        kept = _kept(singular, w.shape, float(xp.finfo(w.dtype).eps))
        u, v = u * kept, (v.T * kept).T
        wanted = -in_float64(g) - u @ v
        # The part that M can take up: outside the column and the row space of w.
        free = wanted - u @ (u.T @ wanted)
        free = free - (free @ v.T) @ v
        left, sizes, right = decomposed(free)
        return float(xp.max(abs(wanted - (left * xp.minimum(sizes, 1)) @ right)))


def _kept(singular: Array, shape: tuple[int, ...], eps: float) -> Array:
    """1 for a singular value that is not 0 to rounding, NaN included, else 0."""
    xp = array_namespace(singular)
    if not prod(shape):
        return singular
    small = singular <= eps * max(shape) * singular[0]
    kept: Array = xp.astype(~small, singular.dtype)
    return kept
