"""The L2 penalty, λ Σw²."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from regkit.array_libraries import array_namespace, float64_sum, in_float64
from regkit.kernels.chunks import total
from regkit.kernels.linear_gradient import LinearGradient
from regkit.regularizers.with_linear_gradient import WithLinearGradient

if TYPE_CHECKING:
    from regkit.array_types import Array


class L2(WithLinearGradient):
    """λ Σw² (no ½): the sum of squares, which pushes large weights hardest.

    The gradient is 2λw, so the same λ means twice PyTorch's `weight_decay`. Under an adaptive
    optimizer this is not weight decay: the optimizer rescales the penalty's gradient too.

    Source: Kinsley & Kukieła, *Neural Networks from Scratch*, chapter 14; Hoerl & Kennard (1970).
    """

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 2
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    array_step: ClassVar[bool] = True

    @property
    def linear_gradient(self) -> LinearGradient:
        """2w."""
        return LinearGradient(multiple=2.0)

    def value(self, w: Array) -> float | Array:
        """Σw², accumulated in float64."""
        if isinstance(w, np.ndarray):
            return total(w, power=2)
        return float64_sum(in_float64(w) ** 2)

    def prox(self, w: Array, step: float | Array) -> Array:
        """w / (1 + 2 step)."""
        shrunk: Array = array_namespace(w).astype(w / (1 + 2 * step), w.dtype, copy=False)
        return shrunk
