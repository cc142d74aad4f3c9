"""The sparse group lasso: L1 and group lasso combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regkit_group_lasso import GroupLasso

from regkit import L1
from regkit.errors import FieldError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The group lasso's subgradient at 0 is 0, so that of the sum is too.
_L1 = L1(at_zero=0.0)


class SparseGroupLasso(GroupLasso):
    """λ (ρ Σ|w| + (1−ρ) √(group size) Σ‖group‖), ρ = `l1_ratio`: few groups, few weights in each.

    Groups are the group lasso's: `groups="incoming"` or `"outgoing"`. The gradient is the two
    combined, with 0 for a weight that is 0. The proximal operator is L1's followed by the group
    lasso's, in this order.

    Source: Simon, Friedman, Hastie & Tibshirani (2013), *A sparse-group lasso*.

    Raises:
        FieldError: `l1_ratio` is outside [0, 1].
    """

    l1_ratio: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.l1_ratio <= 1:
            raise FieldError(f"SparseGroupLasso: l1_ratio must be in [0, 1], got {self.l1_ratio!r}")

    def value(self, w: NDArray[Any]) -> float:
        """ρ Σ|w| + (1−ρ) √(group size) Σ‖group‖."""
        return self.l1_ratio * _L1.value(w) + (1 - self.l1_ratio) * super().value(w)

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """ρ · L1's + (1−ρ) · the group lasso's."""
        return self.l1_ratio * _L1.grad(w) + (1 - self.l1_ratio) * super().grad(w)

    def prox(self, w: NDArray[Any], step: float) -> NDArray[Any]:
        """The soft threshold at step · ρ, then the block soft threshold at step (1−ρ)."""
        return super().prox(_L1.prox(w, step * self.l1_ratio), step * (1 - self.l1_ratio))
