"""The minimum of a function of one number between two bounds.

That of SciPy is the same, but to import it takes as long as half of a check.
"""

from __future__ import annotations

import math
from collections.abc import Callable

GOLDEN = (3 - math.sqrt(5)) / 2
"""The share of an interval at which golden-section search divides it."""

RELATIVE = math.sqrt(2.0**-52)
"""Numbers closer than this cannot be told apart by the values of a smooth function."""


def minimum_between(
    function: Callable[[float], float], low: float, high: float, tolerance: float
) -> tuple[float, float]:
    """A minimum and its value, by parabolas and golden sections (Brent 1973, chapter 5).

    Args:
        function: with one minimum between the bounds, or else one of several is found.
        low: the lower bound.
        high: the upper one.
        tolerance: how far from the minimum the search may end.
    """
    best = second = third = low + GOLDEN * (high - low)
    at_best = at_second = at_third = function(best)
    step = before = 0.0
    while True:
        middle = (low + high) / 2
        least = RELATIVE * abs(best) + tolerance / 3
        if abs(best - middle) <= 2 * least - (high - low) / 2:
            return best, at_best
        # The vertex of the parabola through the three lowest points lies at best + up / down.
        one, other = (best - second) * (at_best - at_third), (best - third) * (at_best - at_second)
        up, down = (best - second) * one - (best - third) * other, 2 * (other - one)
        inside = down != 0 and low < best + up / down < high
        if inside and abs(up / down) < abs(before) / 2 and abs(before) > least:
            before, step = step, up / down
            if min(best + step - low, high - best - step) < 2 * least:
                step = math.copysign(least, middle - best)
        else:
            before = (low if best >= middle else high) - best
            step = GOLDEN * before
        tried = best + math.copysign(max(abs(step), least), step)
        value = function(tried)
        if value <= at_best:
            low, high = (best, high) if tried >= best else (low, best)
            second, third, best = best, second, tried
            at_second, at_third, at_best = at_best, at_second, value
            continue
        low, high = (tried, high) if tried < best else (low, tried)
        if value <= at_second or second == best:
            second, third = tried, second
            at_second, at_third = value, at_second
        elif value <= at_third or third in (best, second):
            third, at_third = tried, value
