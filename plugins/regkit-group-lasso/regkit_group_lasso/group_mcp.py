"""The group minimax concave penalty (group MCP)."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_group_lasso.grouped import Grouped

if TYPE_CHECKING:
    from regkit.array_types import Array


class GroupMCP(Grouped):
    """λ √p Σ (‖group‖ − ‖group‖²/2γ√p) up to ‖group‖ = γ√p, then constant; p = group size.

    A group lasso whose pull fades: a group whose weights have a root mean square of γ is free. On
    groups of one weight it is MCP. Groups are the group lasso's. The gradient is
    √p · max(1 − ‖group‖/γ√p, 0) · group / ‖group‖, and 0 for a group that is 0.

    The proximal operator is the firm threshold of norms, up to step × strength = γ. Under a step
    for each entry it is the global minimizer, whatever the steps: the objective's least value at 0,
    at a stationary point below γ√p, and at w.

    `strength` multiplies the whole penalty; the literature's γ is this one divided by its λ, and
    its λ for a group is λ√p.

    Source: Huang, Breheny & Ma (2012), *A selective review of group selection in high-dimensional
    models*, section 2.3; Breheny & Huang (2015), *Group descent algorithms for nonconvex penalized
    linear and logistic regression models with grouped predictors*.

    Raises:
        FieldError: `gamma` is not above 0 and finite.
    """

    gamma: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.gamma < inf:
            raise FieldError(f"GroupMCP: gamma must be above 0 and finite, got {self.gamma!r}")

    @property
    def max_step(self) -> float:
        """γ."""
        return self.gamma

    def height(self, norms: Array, size: int) -> Array:
        """‖group‖ − ‖group‖²/2γ√p up to γ√p, then γ√p/2."""
        free = self.free_from(size)
        capped = array_namespace(norms).minimum(norms, free)
        height: Array = capped * (1 - capped / (2 * free))
        return height

    def slope(self, norms: Array, size: int) -> Array:
        """1 − ‖group‖/γ√p up to γ√p, then 0."""
        slope: Array = array_namespace(norms).maximum(1 - norms / self.free_from(size), 0)
        return slope

    def threshold(self, norms: Array, step: float | Array, size: int) -> Array:
        """max(‖group‖ − step √p, 0) / (1 − step/γ), but at most ‖group‖; for step ≤ γ."""
        xp = array_namespace(norms)
        excess = xp.maximum(norms - step * sqrt(size), 0)
        rest = xp.ones_like(norms) * (1 - step / self.gamma)
        shrinks = excess < rest * norms
        firm = xp.where(shrinks, excess / xp.where(shrinks, rest, 1.0), norms)
        # At step = γ it is the hard threshold. NaN is not 0, and stays.
        threshold: Array = xp.where(excess == 0, excess, firm)
        return threshold

    def free_from(self, size: int) -> float:
        """γ√p."""
        return self.gamma * sqrt(max(size, 1))
