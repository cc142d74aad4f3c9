"""The check that an array is a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regkit.errors import FieldError

if TYPE_CHECKING:
    from regkit.array_types import Array


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
