"""The groups of an array as columns of a matrix, their lengths and directions."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Literal

import numpy as np

from regkit import array_namespace
from regkit.array_libraries import in_float64

if TYPE_CHECKING:
    from regkit.array_types import Array

Groups = Literal["incoming", "outgoing"]
"""Which weights are one group: those into one neuron (a column), or from one input (a row)."""


def by_column(w: Array, groups: Groups, project: Callable[[Array, float], Array]) -> Array:
    """`project(columns, slack)` of the groups of w, back in w's shape and dtype.

    A layer's biases (1, n_neurons) are the weights that leave a constant input.

    Args:
        w: an array whose last axis runs over neurons.
        groups: which weights are one group.
        project: is given a matrix with one group in each column, in float64 where the library has
            it, and the relative error that a sum of squares or of positive numbers down a column
            may have, once the column was rounded to w's dtype.
    """
    if not prod(w.shape):
        return w
    xp = array_namespace(w)
    incoming = groups == "incoming"
    matrix = xp.reshape(w, (prod(w.shape[:-1]), w.shape[-1]))
    columns = in_float64(matrix if incoming else xp.matrix_transpose(matrix))
    slack = 4 * float(xp.finfo(w.dtype).eps) + columns.shape[0] * float(np.finfo(np.float64).eps)
    points = project(columns, slack)
    points = points if incoming else xp.matrix_transpose(points)
    shaped: Array = xp.reshape(xp.astype(points, w.dtype, copy=False), w.shape)
    return shaped


def norms_and_directions(columns: Array) -> tuple[Array, Array]:
    """(1, n) Euclidean norms and columns ÷ norm, without overflow of squares.

    Columns that hold NaN or ±∞ have the norm NaN, columns of zeros the direction 0.
    """
    xp = array_namespace(columns)
    largest = xp.max(abs(columns), axis=0, keepdims=True)
    finite = xp.isfinite(largest)
    usable = finite & (largest > 0)
    divisor = xp.where(usable, largest, 1)
    scaled = xp.where(finite, columns, 0) / divisor
    relative = xp.sqrt(xp.sum(scaled * scaled, axis=0, keepdims=True))
    norms = xp.where(finite, divisor * relative, xp.nan)
    return norms, scaled / xp.where(usable, relative, 1)
