"""The L1 penalty, λ Σ|w|."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit.errors import FieldError
from regkit.pieces import pieces_with_scratch, total
from regkit.regularizers.regularizer import Regularizer
from regkit.regularizers.slopes import Slopes, add_in_one_sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGN_BIT: dict[int, np.unsignedinteger[Any]] = {4: np.uint32(1 << 31), 8: np.uint64(1 << 63)}


class L1(Regularizer):
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

    def value(self, w: NDArray[Any]) -> float:
        """Σ|w|, accumulated in float64."""
        return total(w, power=1)

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """+1, −1, or `at_zero` where w is 0; of w's shape and dtype."""
        signs: NDArray[Any] = np.sign(w)
        signs[w == 0] = self.at_zero
        return signs

    def grad_into(
        self,
        w: NDArray[Any],
        scale: float,
        out: NDArray[Any],
        scratch: NDArray[Any] | None = None,
        compiled: bool = False,
    ) -> None:
        """Add scale × gradient to `out`, piece by piece."""
        if compiled and add_in_one_sweep(w, out, self.slopes(scale)):
            return
        for w_piece, out_piece, space in pieces_with_scratch(w, out, scratch):
            self.grad_into_piece(w_piece, scale, out_piece, space)

    def grad_into_piece(
        self, w: NDArray[Any], scale: float, out: NDArray[Any], scratch: NDArray[Any]
    ) -> None:
        """`grad_into` for one piece, with an array like it to compute in."""
        if self.at_zero != 1 or scale < 0 or w.itemsize not in _SIGN_BIT:
            np.sign(w, out=scratch)
            scratch[w == 0] = self.at_zero
            np.multiply(scratch, scale, out=scratch)
            out += scratch
            return
        # ±scale put together from bits takes half the time of copysign.
        # −0.0 + 0.0 is +0.0, so that both zeros count as positive.
        np.add(w, 0.0, out=scratch)
        sign_bit = _SIGN_BIT[w.itemsize]
        bits = scratch.view(sign_bit.dtype)
        bits &= sign_bit
        bits |= w.dtype.type(scale).view(sign_bit.dtype)
        out += scratch

    def slopes(self, scale: float) -> Slopes:
        """Scale · sign(w): what one compiled sweep adds."""
        return Slopes(sign=scale, at_zero=scale * self.at_zero)

    def prox(self, w: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """The soft threshold sign(w) · max(|w| − step, 0)."""
        shrunk: NDArray[Any] = np.copysign(np.maximum(np.abs(w) - step, 0), w)
        return shrunk.astype(w.dtype, copy=False)
