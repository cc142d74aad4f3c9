"""The smoothly clipped absolute deviation (SCAD)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_nonconvex.mcp import concave_height, concave_slope, firm_threshold
from regkit_nonconvex.separable import Separable, lower_of, where_convex

if TYPE_CHECKING:
    from regkit.array_types import Array


class SCAD(Separable):
    """λ Σ p(w), p' = 1 up to k, (ak − |w|) / ((a−1)k) up to ak, then 0; k = `knee`.

    L1 up to the knee; then its slope falls linearly to 0, so that large weights do not shrink.
    Beyond the knee it is an MCP with γ = (a−1)k, and is built from it.

    The gradient is sign(w) · p', and 0 at 0. The proximal operator is continuous for step ×
    strength below (a−1)k; from there on it compares the best points on either side of the part
    where the objective is concave. A single step beyond is refused in a run; steps of each weight's
    own, as an adaptive optimizer has, may have any size.

    `strength` multiplies the whole penalty: Fan and Li's penalty is λ times this one with a knee of
    λ.

    Source: Fan & Li (2001), *Variable selection via nonconcave penalized likelihood and its oracle
    properties*, which recommends a = 3.7.

    Raises:
        FieldError: `knee` is not above 0 and finite, or `a` is not above 1 and finite.
    """

    knee: float = 0.25
    a: float = 3.7

    def __post_init__(self) -> None:
        if not 0 < self.knee < math.inf:
            raise FieldError(f"SCAD: knee must be above 0 and finite, got {self.knee!r}")
        if not 1 < self.a < math.inf:
            raise FieldError(f"SCAD: a must be above 1 and finite, got {self.a!r}")

    @property
    def max_step(self) -> float:
        """(a−1)k."""
        return self.knee * (self.a - 1)

    def height(self, size: Array) -> Array:
        """|w| up to the knee, and the MCP of what is beyond."""
        below = array_namespace(size).minimum(size, self.knee)
        height: Array = below + concave_height(self._beyond(size), self.max_step)
        return height

    def slope(self, size: Array) -> Array:
        """1 up to the knee, then the MCP's slope."""
        return concave_slope(self._beyond(size), self.max_step)

    def shrunk(self, size: Array, step: float | Array) -> Array:
        """The soft threshold, at most the knee, plus the firm threshold of what is beyond.

        From (a−1)k on, the better of the soft threshold and |w|, at least ak.
        """

        def firm(step: float | Array) -> Array:
            beyond = firm_threshold(self._beyond(size), step, self.max_step)
            return self._soft(size, step) + beyond

        def better(step: float | Array) -> Array:
            soft = self._soft(size, step)
            above = array_namespace(size).maximum(size, self.a * self.knee)
            # Up to the knee the height is the size.
            return lower_of(soft, above, self.height(above) - soft, size, step)

        return where_convex(step, self.max_step, firm, better)

    def _soft(self, size: Array, step: float | Array) -> Array:
        soft: Array = array_namespace(size).clip(size - step, 0, self.knee)
        return soft

    def _beyond(self, size: Array) -> Array:
        beyond: Array = array_namespace(size).maximum(size - self.knee, 0)
        return beyond
