"""Slopes from differences of values: bounds on a slope, and where they are inconclusive.

A finite difference with one fixed step and a relative tolerance rejects hundreds of correct
gradients: rounding spoils it at one scale, curvature at another, and so does every kink. Here the
step runs over five decades in proportion to the entry, the two one-sided quotients are computed
separately, and a slope must lie between them, up to the rounding noise of float64 at that step. At
a kink the two differ, and every slope between them is correct.

Both quotients may be off to the same side: at an inflection by f‴h²/6, and at a kink with curvature
by f″h/2. As the step shrinks they approach their limits, by less than twice what the next shorter
step changes; each is widened by that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from regkit.testing.params import Params, combined
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
    """What the difference quotients at one step say of a slope.

    Attributes:
        low: the lower of the two one-sided quotients, each widened by twice its change to the next
            shorter step.
        high: the upper one.
        gap: the distance between the quotients themselves.
        noise: their rounding error.
        step: the step that they were taken at.
    """

    low: float
    high: float
    gap: float
    noise: float
    step: float

    @property
    def width(self) -> float:
        """From low to high, with the noise on both sides."""
        return self.high - self.low + 2 * self.noise


@dataclass(frozen=True)
class Judgement:
    """Whether a slope agrees with the differences, and whether they were conclusive.

    Attributes:
        agrees: whether the slope lies between low and high.
        decided: whether a wrong one would not have.
        low: the least slope that agrees.
        high: the largest one.
        step: the step at which the differences say most.
        off: how far the slope lies outside.
        allowed: how far it may.
    """

    agrees: bool
    decided: bool
    low: float
    high: float
    step: float
    off: float
    allowed: float


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
    entry, but at most 1: there a penalty's own scale counts, and an entry beside it may be 1e8.
    """
    moved = params.copy()
    array = moved[name]
    entry = float(array[index])

    def at(step: float) -> tuple[float, float]:
        array[index] = entry + step
        there, rounded = penalty.value(moved), float(array[index]) - entry
        array[index] = entry
        return there, rounded

    reach = abs(entry) or reach_at_zero or min(params.size(), 1.0) or 1.0
    return _brackets(at, reach, penalty.unit)


def brackets_along(penalty: PenaltyUnderTest, params: Params, direction: Params) -> list[Bracket]:
    """The same along a direction, whose steps are shares of it."""

    def at(step: float) -> tuple[float, float]:
        moved = combined(lambda w, d: w + step * d, params, direction)
        return penalty.value(moved), step

    return _brackets(at, 1.0, penalty.unit)


def _brackets(
    at: Callable[[float], tuple[float, float]], reach: float, unit: float
) -> list[Bracket]:
    """Of a function of a step, which returns the value and the step as it was rounded.

    Once both quotients stay as they are up to rounding, shorter steps would only add to that.
    """
    here, _ = at(0.0)
    found: list[Bracket] = []
    before: tuple[list[float], float, float] | None = None
    for share in REACHES:
        right, left = at(reach * share), at(-reach * share)
        largest = max(abs(here), abs(right[0]), abs(left[0]))
        slopes = [(there - here) / step for there, step in (right, left)]
        if before is not None:
            longer, noise, step = before
            found.append(_bracket(longer, slopes, noise, step))
            if all(abs(a - b) <= noise for a, b in zip(longer, slopes, strict=True)):
                break
        before = slopes, NOISE * (unit + largest) / (reach * share), reach * share
    return found


def _bracket(
    slopes: Sequence[float], shorter: Sequence[float], noise: float, step: float
) -> Bracket:
    spread = [2 * abs(one - other) for one, other in zip(slopes, shorter, strict=True)]
    return Bracket(
        low=min(one - more for one, more in zip(slopes, spread, strict=True)),
        high=max(one + more for one, more in zip(slopes, spread, strict=True)),
        gap=abs(slopes[0] - slopes[1]),
        noise=noise,
        step=step,
    )


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
        return Judgement(True, False, -np.inf, np.inf, np.nan, 0.0, np.inf)
    best = min(usable, key=lambda one: one.width)
    low, high = best.low - best.noise, best.high + best.noise
    if at_zero:
        low, high = _opened(usable, low, high)
    slack = SLACK * largest + rounding
    agrees = bool(low - slack <= slope <= high + slack)
    off = max(low - slope, slope - high, 0.0)
    steepest = max(abs(slope), abs(best.low), abs(best.high))
    width = high - low + 2 * rounding
    decided = not agrees or bool(width < NARROW * steepest)
    return Judgement(agrees, decided, low, high, best.step, off, slack)


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
