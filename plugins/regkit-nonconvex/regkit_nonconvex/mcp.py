"""The minimax concave penalty (MCP)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_nonconvex.separable import Separable, lower_of, where_convex

if TYPE_CHECKING:
    from regkit.array_types import Array


class MCP(Separable):
    """λ Σ p(w), p = |w| − w²/2γ up to |w| = γ, then γ/2: L1 near 0, no pull on large weights.

    The gradient is sign(w) · max(1 − |w|/γ, 0), and 0 at 0. The proximal operator is the firm
    threshold, for t = step × strength below γ; from there on the objective is concave up to γ, and
    its minimizer the hard threshold at √(γt). A single step beyond γ is refused in a run; steps of
    each weight's own, as an adaptive optimizer has, may have any size.

    `strength` multiplies the whole penalty; the literature's γ is this one divided by its λ.

    Source: Zhang (2010), *Nearly unbiased variable selection under minimax concave penalty*.

    Raises:
        FieldError: `gamma` is not above 0 and finite.
    """

    gamma: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.gamma < math.inf:
            raise FieldError(f"MCP: gamma must be above 0 and finite, got {self.gamma!r}")

    @property
    def max_step(self) -> float:
        """γ."""
        return self.gamma

    def height(self, size: Array) -> Array:
        """|w| − w²/2γ up to γ, then γ/2."""
        return concave_height(size, self.gamma)

    def slope(self, size: Array) -> Array:
        """1 − |w|/γ up to γ, then 0."""
        return concave_slope(size, self.gamma)

    def shrunk(self, size: Array, step: float | Array) -> Array:
        """max(|w| − step, 0) / (1 − step/γ), but at most |w|; from γ on the better of 0 and |w|."""

        def firm(step: float | Array) -> Array:
            return firm_threshold(size, step, self.gamma)

        def hard(step: float | Array) -> Array:
            above = array_namespace(size).maximum(size, self.gamma)
            return lower_of(0.0, above, self.height(above), size, step)

        return where_convex(step, self.gamma, firm, hard)


# As functions, since SCAD is built from them.


def concave_height(size: Array, gamma: float) -> Array:
    """MCP of each entry, from its absolute value."""
    capped = array_namespace(size).minimum(size, gamma)
    height: Array = capped * (1 - capped / (2 * gamma))
    return height


def concave_slope(size: Array, gamma: float) -> Array:
    """The derivative of `concave_height`, 1 at 0."""
    slope: Array = array_namespace(size).maximum(1 - size / gamma, 0)
    return slope


def firm_threshold(size: Array, step: float | Array, gamma: float) -> Array:
    """The minimizer over x ≥ 0 of step · concave_height(x) + ½(x − size)², for step < γ."""
    xp = array_namespace(size)
    threshold: Array = xp.minimum(xp.maximum(size - step, 0) / (1 - step / gamma), size)
    return threshold
