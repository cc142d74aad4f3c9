"""The L2 penalty, λ Σw²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from regkit.pieces import pieces_with_scratch, total
from regkit.regularizers.regularizer import Regularizer
from regkit.regularizers.slopes import Slopes, add_in_one_sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray


class L2(Regularizer):
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

    def value(self, w: NDArray[Any]) -> float:
        """Σw², accumulated in float64."""
        return total(w, power=2)

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """2w."""
        return 2 * w

    def grad_into(
        self,
        w: NDArray[Any],
        scale: float,
        out: NDArray[Any],
        scratch: NDArray[Any] | None = None,
        compiled: bool = False,
    ) -> None:
        """Add scale × 2w to `out`, piece by piece."""
        if compiled and add_in_one_sweep(w, out, self.slopes(scale)):
            return
        for w_piece, out_piece, space in pieces_with_scratch(w, out, scratch):
            self.grad_into_piece(w_piece, scale, out_piece, space)

    def grad_into_piece(
        self, w: NDArray[Any], scale: float, out: NDArray[Any], scratch: NDArray[Any]
    ) -> None:
        """`grad_into` for one piece, with an array like it to compute in."""
        np.multiply(w, 2 * scale, out=scratch)
        out += scratch

    def slopes(self, scale: float) -> Slopes:
        """Scale · 2w: what one compiled sweep adds."""
        return Slopes(multiple=2 * scale)

    def prox(self, w: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """W / (1 + 2 step)."""
        shrunk: NDArray[Any] = (w / (1 + 2 * step)).astype(w.dtype, copy=False)
        return shrunk
