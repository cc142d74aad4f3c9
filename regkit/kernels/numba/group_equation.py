"""The equation of proximal points of groups, λ₂ Σ‖group‖ + λ₁ Σ|w|, each entry with its own step.

Of an entry w with step s = lr / g, where g = scale · √cache + ε, let u be g times w thresholded at
λ₁ s, and κ = lr · λ₂. Its group's proximal point is 0 if ‖u‖ ≤ κ, and else r u / (r g + κ), where r
is the point's norm: the root of ‖u / (r g + κ)‖ = 1. In this form nothing is divided before the
root is looked for, a step that is far too large or small does no harm, and λ₁ costs nothing later.

h(r) = 1 / ‖u / (r g + κ)‖ is a power mean of lines in r: it rises, is concave and nearly straight.
So a rational function with h's value and two derivatives at 0 and its slope at infinity, all four
from the sums of the pass that reads the group, has a root that is a few thousandths away. One
step of Chebyshev's method (Newton's with the second derivative) from there is exact in float32.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from regkit.kernels.numba.jit import kernel

MOST_PASSES = 50
LARGEST = 1e30
"""Above it, or below its inverse, squares come too close to the ends of float32."""


class Numbers(NamedTuple):
    """The numbers of a proximal point, of the type that it is computed in.

    Attributes:
        scale: what √cache is multiplied by.
        epsilon: what is added to that.
        kappa: lr · λ₂.
        most: the largest g.
        tau: lr · λ₁, or None.
        tolerance: of the root, relative.
        careful: whether to stop where sums leave the range of float32.
    """

    scale: Any
    epsilon: Any
    kappa: Any
    most: Any
    tau: Any
    tolerance: float
    careful: bool


@kernel
def start(z0: float, z1: float, z2: float, square: float, kappa: Any) -> float:
    """Near the root, from ‖u‖² = `z0`, Σu²g, Σu²g² and ‖w‖² = `square`; 0 for a group that is."""
    kappa = np.float64(kappa)
    if z0 <= kappa * kappa:
        return 0.0
    root = np.sqrt(z0)
    height = kappa / root
    slope = z1 / (z0 * root)
    bend = 3 * (z1 * z1 / z0 - z2) / (kappa * z0 * root)
    newton = (1 - height) / slope
    at_infinity = 1 / np.sqrt(square)
    # h ≈ height + at_infinity · r + excess · r / (1 + r / reach)
    excess = slope - at_infinity
    if not (excess > 0 and bend < 0):
        return newton
    reach = -2 * excess / bend
    b = slope * reach + height - 1
    c = (1 - height) * reach
    found = 2 * c / (b + np.sqrt(b * b + 4 * at_infinity * c))
    # The root is no nearer than Newton's step from 0, and no farther than ‖w‖.
    return max(newton, min(found, np.sqrt(square)))


@kernel
def is_in_range(start: float, square: float) -> bool:
    """Whether the sums of a group were computed without loss in float32."""
    return start == 0 or (start < LARGEST and 1 / LARGEST < square < LARGEST)


@kernel
def step(f: float, s1: float, s2: float, radius: Any) -> tuple[float, float]:
    """Chebyshev's step from f = 1/h², Σ a²b, Σ a²b² with b = g / (r g + κ), and its error."""
    newton = f * (np.sqrt(f) - 1) / s1
    bend = max(-0.5, min(1.5 * (s2 / s1 - s1 / f) * newton, 0.5))
    following = max(radius + newton * (1 + bend), radius / 16)
    return following, (abs(newton) / radius + abs(bend)) * abs(bend * newton)


@kernel
def shrunk(weight: Any, g: Any, tau: Any) -> Any:
    """The soft threshold at τ/g."""
    size = abs(weight) - tau / g
    return np.copysign(size if size > 0 else type(size)(0), weight)
