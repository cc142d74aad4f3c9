"""Total variation denoising of one line of numbers, exact and in linear time."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray


def denoised(line: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """The minimizer x of strength · Σ |xᵢ₊₁ − xᵢ| + ½ Σ (xᵢ − lineᵢ)².

    Let fᵢ(b) be the least cost of the first i numbers with xᵢ = b. Its derivative is b − lineᵢ plus
    that of fᵢ₋₁ cut off at ±strength, a piecewise linear function that rises. Where it is cut off
    on either side, xᵢ no longer follows xᵢ₊₁: so the last number is where the derivative is 0, and
    every earlier one is the next one, cut off at these two places.

    Args:
        line: finite numbers; if one is not, all of the result is NaN.
        strength: at least 0.

    Source: N. A. Johnson, "A dynamic programming algorithm for the fused lasso and
    L0-segmentation", Journal of Computational and Graphical Statistics 22 (2013).
    """
    if not np.all(np.isfinite(line)):
        return np.full_like(line, np.nan)
    if len(line) < 2 or not strength:
        return line.copy()
    mean = float(np.mean(line))
    if strength >= np.max(np.abs(np.cumsum(line - mean))):
        return np.full_like(line, mean)  # Larger strengths would only add rounding.
    # The derivative is slope · b + offset left of all knots, and so many more of both after each.
    knots: deque[tuple[float, float, float]] = deque()
    cuts: list[tuple[float, float]] = []
    below, above = 0.0, 0.0  # What the part before adds on either side: nothing at first.
    *earlier, last = line.tolist()
    for number in earlier:
        slope, offset = 1.0, below - number
        while knots and slope * knots[0][0] + offset <= -strength:
            _, more, higher = knots.popleft()
            slope, offset = slope + more, offset + higher
        low = (-strength - offset) / slope
        of_low = (low, slope, offset + strength)
        slope, offset = 1.0, above - number
        while knots and slope * knots[-1][0] + offset >= strength:
            _, more, higher = knots.pop()
            slope, offset = slope - more, offset - higher
        high = (strength - offset) / slope
        knots.appendleft(of_low)
        knots.append((high, -slope, strength - offset))
        cuts.append((low, high))
        below, above = -strength, strength
    slope, offset = 1.0, below - last
    while knots and slope * knots[0][0] + offset <= 0:
        _, more, higher = knots.popleft()
        slope, offset = slope + more, offset + higher
    found = [-offset / slope]
    for low, high in reversed(cuts):
        found.append(min(max(found[-1], low), high))
    return np.array(found[::-1])
