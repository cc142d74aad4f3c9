"""The L1 penalty, λ Σ|w|."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from regkit.array_libraries import array_namespace, float64_sum
from regkit.errors import FieldError
from regkit.kernels.chunks import total
from regkit.kernels.linear_gradient import LinearGradient
from regkit.regularizers.with_linear_gradient import WithLinearGradient

if TYPE_CHECKING:
    from regkit.array_types import Array


class L1(WithLinearGradient):
    """λ Σ|w|: the sum of absolute values, which pushes every weight towards 0 equally.

    The gradient is λ where w > 0, −λ where w < 0, and λ · `at_zero` where w is 0 (or −0.0): any
    value in [−1, 1] is a subgradient there. The default +1 is the chapter's choice, 0.0 is what
    automatic differentiation uses. The proximal operator is the soft threshold.

    Source: Kinsley & Kukieła, *Neural Networks from Scratch*, chapter 14; Tibshirani (1996).

    Raises:
        FieldError: `at_zero` is outside [−1, 1].
    """

    at_zero: float = 1.0

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    sparsifying: ClassVar[bool] = True
    array_step: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not -1 <= self.at_zero <= 1:
            raise FieldError(f"L1: at_zero must be in [-1, 1], got {self.at_zero!r}")

    @property
    def linear_gradient(self) -> LinearGradient:
        """+1, −1, or `at_zero` where w is 0."""
        return LinearGradient(sign=1.0, at_zero=self.at_zero)

    def value(self, w: Array) -> float | Array:
        """Σ|w|, accumulated in float64."""
        if isinstance(w, np.ndarray):
            return total(w, power=1)
        return float64_sum(abs(w))

    def prox(self, w: Array, step: float | Array) -> Array:
        """The soft threshold sign(w) · max(|w| − step, 0)."""
        xp = array_namespace(w)
        shrunk: Array = xp.astype(xp.copysign(xp.maximum(abs(w) - step, 0), w), w.dtype, copy=False)
        return shrunk
