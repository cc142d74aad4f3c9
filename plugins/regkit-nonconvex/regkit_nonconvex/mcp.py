"""The minimax concave penalty (MCP)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from regkit.errors import FieldError
from regkit_nonconvex.separable import Separable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class MCP(Separable):
    """λ Σ p(w), p = |w| − w²/2γ up to |w| = γ, then γ/2: L1 near 0, no pull on large weights.

    The gradient is sign(w) · max(1 − |w|/γ, 0), and 0 at 0. The proximal operator is the firm
    threshold, up to step × strength = γ; beyond it the objective is concave and this formula is
    wrong.

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

    def height(self, size: NDArray[Any]) -> NDArray[Any]:
        """|w| − w²/2γ up to γ, then γ/2."""
        return concave_height(size, self.gamma)

    def slope(self, size: NDArray[Any]) -> NDArray[Any]:
        """1 − |w|/γ up to γ, then 0."""
        return concave_slope(size, self.gamma)

    def shrunk(self, size: NDArray[Any], step: float | NDArray[Any]) -> NDArray[Any]:
        """max(|w| − step, 0) / (1 − step/γ), but at most |w|."""
        return firm_threshold(size, step, self.gamma)


# As functions, since SCAD is built from them.


def concave_height(size: NDArray[Any], gamma: float) -> NDArray[Any]:
    """MCP of each entry, from its absolute value."""
    capped = np.minimum(size, gamma)
    height: NDArray[Any] = capped * (1 - capped / (2 * gamma))
    return height


def concave_slope(size: NDArray[Any], gamma: float) -> NDArray[Any]:
    """The derivative of `concave_height`, 1 at 0."""
    slope: NDArray[Any] = np.maximum(1 - size / gamma, 0)
    return slope


def firm_threshold(size: NDArray[Any], step: float | NDArray[Any], gamma: float) -> NDArray[Any]:
    """The minimizer over x ≥ 0 of step · concave_height(x) + ½(x − size)², for step ≤ γ."""
    excess = np.maximum(size - step, 0)
    # At the largest step the threshold is hard: the quotient is 0, or too large to count.
    rest = np.maximum(1 - step / gamma, np.finfo(np.float64).tiny)
    with np.errstate(over="ignore"):
        threshold: NDArray[Any] = np.minimum(excess / rest, size)
    return threshold
