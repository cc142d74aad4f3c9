"""Soft orthogonality, λ ‖WᵀW − I‖²."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64
from regkit_structured.matrices import require_matrix

if TYPE_CHECKING:
    from regkit.array_types import Array


class Orthogonal(Regularizer):
    """λ ‖WᵀW − I‖² (Frobenius): pushes the columns of a matrix to be orthonormal.

    A column holds the weights into one neuron. `vectors="rows"` applies to the rows instead, the
    weights leaving one input: λ ‖WWᵀ − I‖². The gradient is 4W (WᵀW − I), or 4 (WWᵀ − I) W.

    More than d vectors of d entries cannot be orthonormal: over k > d vectors the least value is
    k − d. The penalty is smooth, so a proximal operator would gain nothing, and none is defined.

    Source: Bansal, Chen & Wang (2018), *Can we gain more from orthogonality regularizations in
    training deep CNNs?*.

    Raises:
        FieldError: a selected array is no matrix.
    """

    vectors: Literal["columns", "rows"] = "columns"

    even: ClassVar[bool] = True
    array_api: ClassVar[bool] = True

    def value(self, w: Array) -> Array:
        """The sum of squares of WᵀW − I (rows: WWᵀ − I), in float64."""
        require_matrix(self, w)
        return float64_sum(_excess(self._as_columns(in_float64(w))) ** 2)

    def grad(self, w: Array) -> Array:
        """4W (WᵀW − I), or for rows 4 (WWᵀ − I) W."""
        require_matrix(self, w)
        columns = self._as_columns(in_float64(w))
        slopes = self._as_columns(4 * (columns @ _excess(columns)))
        gradient: Array = array_namespace(w).astype(slopes, w.dtype, copy=False)
        return gradient

    def _as_columns(self, w: Array) -> Array:
        """W, transposed for rows; its own inverse."""
        return w.T if self.vectors == "rows" else w


def _excess(columns: Array) -> Array:
    """WᵀW − I: the excess of the columns' inner products."""
    xp = array_namespace(columns)
    products = columns.T @ columns
    # The identity, of the products' own type and device.
    excess: Array = products - xp.triu(xp.tril(xp.ones_like(products)))
    return excess
