"""The elastic net: L1 and L2 combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from regkit.errors import FieldError
from regkit.kernels.linear_gradient import LinearGradient
from regkit.regularizers.l1 import L1
from regkit.regularizers.l2 import L2
from regkit.regularizers.with_linear_gradient import WithLinearGradient

if TYPE_CHECKING:
    from regkit.array_types import Array

_L1 = L1()
_L2 = L2()


class ElasticNet(WithLinearGradient):
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
        """Whether there is an L1 part, which favours exact zeros."""
        return self.l1_ratio > 0

    @property
    def linear_gradient(self) -> LinearGradient:
        """ρ · L1's + (1−ρ) · L2's."""
        return self.l1_ratio * _L1.linear_gradient + (1 - self.l1_ratio) * _L2.linear_gradient

    def value(self, w: Array) -> float | Array:
        """ρ Σ|w| + (1−ρ) Σw²."""
        return self.l1_ratio * _L1.value(w) + (1 - self.l1_ratio) * _L2.value(w)

    def prox(self, w: Array, step: float | Array) -> Array:
        """The soft threshold at step · ρ, divided by 1 + 2 step (1−ρ)."""
        return _L2.prox(_L1.prox(w, step * self.l1_ratio), step * (1 - self.l1_ratio))
