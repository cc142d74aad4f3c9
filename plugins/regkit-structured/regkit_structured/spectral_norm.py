"""The spectral norm, λ σ₁."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64
from regkit_structured.matrices import ONE_STEP, decomposed, require_matrix

if TYPE_CHECKING:
    from regkit.array_types import Array


ROUNDING = 8
"""Singular values tie within so many units in the last place times the longer side."""


class SpectralNorm(Regularizer):
    """λ σ₁: the largest singular value of a matrix, by which a layer stretches its inputs at most.

    With the singular vectors u and v of σ₁ the gradient is u vᵀ; where the largest ones tie to
    rounding, it is the mean of theirs, and 0 at W = 0. The proximal operator cuts the largest
    singular values down to one height, together by the step.

    Source: Yoshida & Miyato (2017), *Spectral norm regularization for improving the
    generalizability of deep learning*, which penalizes ½σ₁²; the proximal operator by Moreau's
    decomposition, with the projection of the singular values onto a simplex: Parikh & Boyd (2014),
    *Proximal algorithms*, sections 6.5.1 and 6.7.3.

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
        """σ₁, in float64."""
        require_matrix(self, w)
        _, singular, _ = decomposed(w)
        return float64_sum(singular[:1])

    def grad(self, w: Array) -> Array:
        """u vᵀ, the mean over the largest singular values that tie to rounding."""
        require_matrix(self, w)
        xp = array_namespace(w)
        if not prod(w.shape):
            none: Array = xp.zeros_like(w)
            return none
        u, singular, v = decomposed(w)
        top = xp.astype(_is_top(singular, w.shape, float(xp.finfo(singular.dtype).eps)), u.dtype)
        slopes = (u * (top / xp.sum(top))) @ v
        gradient: Array = xp.astype(
            xp.where(singular[0] == 0, xp.zeros_like(slopes), slopes), w.dtype, copy=False
        )
        return gradient

    def prox(self, w: Array, step: float) -> Array:
        """U diag(min(σ, h)) Vᵀ, with the height h ≥ 0 that lowers Σσ by the step, or by all."""
        require_matrix(self, w)
        xp = array_namespace(w)
        if not prod(w.shape):
            return w
        u, singular, v = decomposed(w)
        height = xp.maximum(_height(singular, step), 0)
        cut = (u * xp.minimum(singular, height)) @ v
        # Where less is lost than kept, subtracting keeps more digits, and all of them at step 0.
        lowered = in_float64(w) - (u * xp.maximum(singular - height, 0)) @ v
        most_stays = singular[0] - height < height
        point: Array = xp.astype(xp.where(most_stays, lowered, cut), w.dtype, copy=False)
        return point

    def dual_norm(self, g: Array) -> float:
        """The sum of g's singular values."""
        require_matrix(self, g)
        return float(float64_sum(decomposed(g)[1]))

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest entry of −g minus the subgradient nearest to it.

        With U and V over the singular values that tie for the largest, the subgradients are
        U H Vᵀ with H symmetric, no eigenvalue below 0 and trace 1; at W = 0 every matrix whose
        singular values add up to at most 1. What ties goes by w's own type, in which it was
        rounded.
        """
        require_matrix(self, w)
        if not prod(w.shape):
            return 0.0
        eps = float(array_namespace(w).finfo(w.dtype).eps)
        wanted = -np.asarray(in_float64(g))
        u, singular, v = decomposed(np.asarray(in_float64(w)))
        if singular[0] == 0:
            left, sizes, right = decomposed(wanted)
            over = max(float(_height(sizes, 1.0)), 0.0)
            nearest = (left * np.maximum(sizes - over, 0)) @ right
        else:
            top = _is_top(singular, w.shape, eps)
            u, v = u[:, top], v[top]
            inner = u.T @ wanted @ v.T
            sizes, axes = np.linalg.eigh((inner + inner.T) / 2)
            over = _height(sizes[::-1], 1.0)
            nearest = u @ (axes * np.maximum(sizes - over, 0)) @ axes.T @ v
        return float(np.max(np.abs(wanted - nearest)))


def _is_top(singular: Array, shape: tuple[int, ...], eps: float) -> Array:
    """Which singular values are the largest one to rounding; all where they are NaN."""
    top: Array = ~(singular < singular[0] * (1 - ROUNDING * eps * max(shape)))
    return top


def _height(descending: Array, total: float) -> Any:
    """The h at which Σ max(σ − h, 0) is the total: the largest of (σ₁ + … + σₖ − total)/k."""
    xp = array_namespace(descending)
    counts = xp.cumulative_sum(xp.ones_like(descending))
    return xp.max((xp.cumulative_sum(descending) - total) / counts)
