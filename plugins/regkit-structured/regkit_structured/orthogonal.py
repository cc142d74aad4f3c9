"""Soft orthogonality, λ ‖WᵀW − I‖²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from regkit_group_lasso import Oriented

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]


class Orthogonal(Oriented):
    """λ ‖WᵀW − I‖² (Frobenius): pushes the columns of a matrix to be orthonormal.

    A column holds the weights into one neuron. `vectors="rows"` applies to the rows instead, the
    weights leaving one input: λ ‖WWᵀ − I‖². The gradient is 4W (WᵀW − I), or 4 (WWᵀ − I) W.

    More than d vectors of d entries cannot be orthonormal: over k > d vectors the least value is
    k − d. The penalty is smooth, so a proximal operator would gain nothing, and none is defined.

    Source: Bansal, Chen & Wang (2018), *Can we gain more from orthogonality regularizations in
    training deep CNNs?*.
    """

    vectors: Literal["columns", "rows"] = "columns"

    even: ClassVar[bool] = True

    def value(self, w: NDArray[Any]) -> float:
        """The sum of squares of WᵀW − I (rows: WWᵀ − I), in float64."""
        return float(np.sum(np.square(_excess(self._as_columns(w)))))

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """4W (WᵀW − I), or for rows 4 (WWᵀ − I) W."""
        columns = self._as_columns(w)
        gradient = 4 * columns @ _excess(columns)
        return self._as_columns(gradient).astype(w.dtype, copy=False)

    def _as_columns(self, w: NDArray[Any]) -> Matrix:
        """W in float64, transposed for rows; its own inverse."""
        return (w.T if self.vectors == "rows" else w).astype(np.float64, copy=False)


def _excess(columns: Matrix) -> Matrix:
    """WᵀW − I: the excess of the columns' inner products."""
    excess: Matrix = columns.T @ columns - np.eye(columns.shape[1])
    return excess
