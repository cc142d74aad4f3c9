"""Matrices: the check that an array is one, singular values, and what both entail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regkit import array_namespace
from regkit.array_libraries import in_float64
from regkit.errors import FieldError

if TYPE_CHECKING:
    from regkit.array_types import Array


ONE_STEP = "it decomposes the whole matrix, which takes one step for all entries"
"""Why penalties of singular values take no array of steps."""


def require_matrix(owner: object, w: Array) -> None:
    """Check that `owner`, a penalty of matrices, is given one.

    Raises:
        FieldError: `w` has not exactly two axes.
    """
    if w.ndim != 2:
        raise FieldError(
            f"{type(owner).__name__}: it is a penalty of matrices and was given an array of shape "
            f"{tuple(w.shape)}: select a layer's weights, such as on='dense1.weights'"
        )


def decomposed(w: Array) -> tuple[Any, Any, Any]:
    """U, σ in descending order, and Vᵀ; all NaN where w is not finite, since LAPACK would raise."""
    xp = array_namespace(w)
    matrix = in_float64(w)
    finite = xp.all(xp.isfinite(matrix))
    parts = xp.linalg.svd(xp.where(finite, matrix, 0.0), full_matrices=False)
    u, singular, v = (xp.where(finite, part, xp.nan) for part in parts)
    return u, singular, v
