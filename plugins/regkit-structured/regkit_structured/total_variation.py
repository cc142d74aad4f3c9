"""Total variation, λ Σ |differences of neighbours|."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64
from regkit_structured.denoising import denoised
from regkit_structured.matrices import require_matrix

if TYPE_CHECKING:
    from regkit.array_types import Array


class TotalVariation(Regularizer):
    """λ Σ |wᵢ₊₁ⱼ − wᵢⱼ|: weights from neighbouring inputs to a neuron become equal (fused).

    It is for inputs with an order, such as points in time or the wavelengths of a spectrum: a
    neuron then weighs whole stretches alike. `along="neurons"` takes the differences of neighbours
    in a row instead, for neurons with an order. It does not shrink weights: constant ones cost
    nothing.

    The gradient is the sign of the difference to the neighbour before minus that to the neighbour
    after, with sign(0) = 0. The proximal operator is that of total variation denoising, exact, line
    by line.

    Source: Tibshirani, Saunders, Rosset, Zhu & Knight (2005), *Sparsity and smoothness via the
    fused lasso*, equation 3, of which it is the second term; the proximal operator: Johnson (2013),
    *A dynamic programming algorithm for the fused lasso and L0-segmentation*.

    Raises:
        FieldError: a selected array is no matrix.
    """

    along: Literal["inputs", "neurons"] = "inputs"

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    array_api: ClassVar[bool] = True
    no_array_step: ClassVar[str] = (
        "its proximal point ties whole lines of weights, which takes one step for all entries"
    )

    def value(self, w: Array) -> Array:
        """Σ |differences|, accumulated in float64."""
        return float64_sum(abs(_differences(self._as_columns(in_float64(w)))))

    def grad(self, w: Array) -> Array:
        """sign(difference to the one before) − sign(difference to the one after)."""
        xp = array_namespace(w)
        columns = self._as_columns(w)
        if not prod(w.shape):
            none: Array = xp.zeros_like(w)
            return none
        signs = xp.sign(_differences(columns))
        end = xp.zeros_like(columns[:1, :])
        slopes: Array = self._back(xp.concat([end, signs]) - xp.concat([signs, end]))
        return slopes

    def prox(self, w: Array, step: float) -> Array:
        """The minimizer of step · Σ |differences| + ½ Σ (x − w)²."""
        columns = self._as_columns(w)
        point = np.empty_like(columns)
        for number in range(columns.shape[1]):
            point[:, number] = denoised(columns[:, number].astype(np.float64), step)
        return self._back(point)

    def dual_norm(self, g: Array) -> float:
        """The largest |sum of a line's first entries|; ∞ where a whole line's is not 0.

        Adding a constant to a line of w costs nothing, so w = 0 is stationary only if g has no such
        part.
        """
        columns = np.asarray(self._as_columns(in_float64(g)))
        if not columns.size:
            return 0.0
        sums = np.cumsum(columns, axis=0)
        rounding = len(columns) * np.finfo(np.float64).eps * np.sum(np.abs(columns), axis=0)
        if np.any(np.abs(sums[-1]) > rounding):
            return np.inf
        return float(np.max(np.abs(sums[:-1]), initial=0.0))

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest entry of −g minus the subgradient nearest to it.

        Where neighbours differ, their part of a subgradient is a sign; over a stretch of equal
        weights what is left is a proximal point for the step 1.
        """
        columns = np.asarray(self._as_columns(in_float64(w)))
        wanted = -np.asarray(self._as_columns(in_float64(g)))
        if not columns.size:
            return 0.0
        wanted = wanted - np.asarray(TotalVariation().grad(columns))
        found = 0.0
        for line, left in zip(columns.T, wanted.T, strict=True):
            for stretch in np.split(left, np.flatnonzero(np.diff(line)) + 1):
                found = max(found, float(np.max(np.abs(denoised(stretch, 1.0)))))
        return found

    def _as_columns(self, w: Array) -> Array:
        """The lines of neighbours as columns."""
        require_matrix(self, w)
        return w.T if self.along == "neurons" else w

    def _back(self, columns: Array) -> Array:
        return columns.T if self.along == "neurons" else columns


def _differences(columns: Array) -> Array:
    found: Array = columns[1:, :] - columns[:-1, :]
    return found
