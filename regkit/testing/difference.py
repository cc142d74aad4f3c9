"""Slopes from differences of values: bounds on a slope, and where they are inconclusive.

A finite difference with one fixed step and a relative tolerance rejects hundreds of correct
gradients: rounding spoils it at one scale, curvature at another, and so does every kink. Here the
step runs over five decades in proportion to the entry, the two one-sided quotients are computed
separately, and a slope must lie between them, up to the rounding noise of float64 at that step. At
a kink the two differ, and every slope between them is correct.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest

REACHES = tuple(10.0 ** (-exponent / 2) for exponent in range(3, 15))
"""Steps relative to the entry: 10^−1.5 … 10^−7."""

EPS = float(np.finfo(np.float64).eps)
NOISE = 32 * EPS
"""Rounding error of a value, relative to 1 + |value|, that is always tolerated. It is not
estimated from the values: that would tolerate the noise of a float32 accumulation."""

SLACK = 1e-6
"""Relative error of a gradient below which differences of a smooth penalty are inconclusive."""

NARROW = 1e-2
"""A bracket is conclusive if it is narrower than this fraction of the gradient."""


@dataclass(frozen=True)
class Bracket:
    """The one-sided difference quotients at one step, lower and upper, and their noise."""

    low: float
    high: float
    noise: float

    @property
    def gap(self) -> float:
        """The distance between the two quotients."""
        return self.high - self.low

    @property
    def width(self) -> float:
        """The gap with the noise on both sides."""
        return self.gap + 2 * self.noise


@dataclass(frozen=True)
class Judgement:
    """Whether a slope agrees with the differences, and whether they were conclusive."""

    agrees: bool
    decided: bool
    low: float
    high: float


def brackets(
    penalty: PenaltyUnderTest,
    params: Params,
    name: str,
    index: tuple[int, ...],
    *,
    reach_at_zero: float | None = None,
) -> list[Bracket]:
    """The difference quotients of the penalty along one entry, longest step first.

    Steps are fractions of the entry or, where it is 0, of `reach_at_zero`, by default the largest
    entry.
    """
    moved = params.copy()
    array = moved[name]
    entry = float(array[index])
    here = penalty.value(moved)
    reach = abs(entry) or reach_at_zero or params.size() or 1.0
    found = []
    for share in REACHES:
        quotients = []
        largest = abs(here)
        for direction in (1, -1):
            array[index] = entry + direction * reach * share
            there = penalty.value(moved)
            # The step as rounded, not as intended.
            quotients.append((there - here) / (float(array[index]) - entry))
            largest = max(largest, abs(there))
        array[index] = entry
        noise = NOISE * (penalty.unit + largest) / (reach * share)
        found.append(Bracket(min(quotients), max(quotients), noise))
    return found


def judged(
    slope: float, found: Sequence[Bracket], *, at_zero: bool, largest: float, rounding: float
) -> Judgement:
    """Whether `slope` can be a derivative of the penalty.

    Args:
        slope: the claimed derivative along one entry.
        found: the brackets along that entry, longest step first.
        at_zero: whether the entry is 0, where a penalty may have a kink as sharp as √|w|.
        largest: max |gradient| over all entries, to which small slopes are relative.
        rounding: rounding error of the claimed slope, absolute.
    """
    usable = [one for one in found if np.isfinite(one.width)]
    if not usable:
        return Judgement(True, False, -np.inf, np.inf)
    best = min(usable, key=lambda one: one.width)
    low, high = best.low - best.noise, best.high + best.noise
    if at_zero:
        low, high = _opened(usable, low, high)
    slack = SLACK * largest + rounding
    agrees = bool(low - slack <= slope <= high + slack)
    steepest = max(abs(slope), abs(best.low), abs(best.high))
    return Judgement(agrees, not agrees or bool(high - low < NARROW * steepest), low, high)


def _opened(found: Sequence[Bracket], low: float, high: float) -> tuple[float, float]:
    """The interval, widened where the quotients still grow as the step shrinks.

    That is a concave kink, such as those of log(1 + |w|/ε) and √|w|: the slope at 0 is steeper
    than any quotient, by as much as the last reduction of the step added, or without bound.
    """
    resolved = [one for one in found if one.gap > 100 * one.noise]
    if len(resolved) < 2:
        return low, high
    before, last = resolved[-2:]
    growth = last.gap - before.gap
    if growth <= 0:
        return low, high
    if growth > NARROW * before.gap:
        return -np.inf, np.inf
    return min(low, last.low - 2 * growth), max(high, last.high + 2 * growth)
