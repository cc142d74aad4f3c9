"""The elastic net: L1 and L2 combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from regkit.errors import FieldError
from regkit.pieces import pieces_with_scratch
from regkit.regularizers.l1 import L1
from regkit.regularizers.l2 import L2
from regkit.regularizers.regularizer import Regularizer
from regkit.regularizers.slopes import Slopes, add_in_one_sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

_L1 = L1()
_L2 = L2()


class ElasticNet(Regularizer):
    """λ (ρ Σ|w| + (1−ρ) Σw²), with ρ = `l1_ratio`: L1 and L2 in one penalty.

    The gradient is the two combined; at 0 the L1 part takes +1, the chapter's choice. The proximal
    operator is L1's followed by L2's.

    Source: Zou & Hastie (2005), *Regularization and variable selection via the elastic net*.

    Raises:
        FieldError: `l1_ratio` is outside [0, 1].
    """

    l1_ratio: float = 0.5

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    array_step: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 <= self.l1_ratio <= 1:
            raise FieldError(f"ElasticNet: l1_ratio must be in [0, 1], got {self.l1_ratio!r}")

    @classmethod
    def from_strengths(cls, *, l1: float, l2: float, on: str | tuple[str, ...] = "weights") -> Self:
        """The elastic net that equals an L1 of strength `l1` plus an L2 of strength `l2`."""
        strength = L1(l1).strength + L2(l2).strength
        return cls(strength, l1_ratio=l1 / strength if strength else 0.5, on=on)

    @property
    def sparsifying(self) -> bool:
        """Whether there is an L1 part, which makes zeros worth looking for."""
        return self.l1_ratio > 0

    def value(self, w: NDArray[Any]) -> float:
        """ρ Σ|w| + (1−ρ) Σw²."""
        return self.l1_ratio * _L1.value(w) + (1 - self.l1_ratio) * _L2.value(w)

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """ρ · L1's + (1−ρ) · L2's."""
        combined: NDArray[Any] = self.l1_ratio * _L1.grad(w) + (1 - self.l1_ratio) * _L2.grad(w)
        return combined

    def grad_into(
        self,
        w: NDArray[Any],
        scale: float,
        out: NDArray[Any],
        scratch: NDArray[Any] | None = None,
        compiled: bool = False,
    ) -> None:
        """Add scale × gradient to `out`: both parts of a piece while it is in the cache."""
        if compiled and add_in_one_sweep(w, out, self.slopes(scale)):
            return
        for w_piece, out_piece, space in pieces_with_scratch(w, out, scratch):
            _L1.grad_into_piece(w_piece, scale * self.l1_ratio, out_piece, space)
            _L2.grad_into_piece(w_piece, scale * (1 - self.l1_ratio), out_piece, space)

    def slopes(self, scale: float) -> Slopes:
        """L1's and L2's together: what one compiled sweep adds."""
        return _L1.slopes(scale * self.l1_ratio) + _L2.slopes(scale * (1 - self.l1_ratio))

    def prox(self, w: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """The soft threshold at step · ρ, divided by 1 + 2 step (1−ρ)."""
        return _L2.prox(_L1.prox(w, step * self.l1_ratio), step * (1 - self.l1_ratio))
