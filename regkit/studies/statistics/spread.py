"""The spread of paired differences, with a correction for scores that take few values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

FEW_VALUES = 3


def standard_deviation(differences: Sequence[float], tolerance: float) -> float:
    """The standard deviation s that the t test of paired differences uses.

    s² = Σ(dᵢ − d̄)²/(k − 1). Where the differences take only two or three values, each twice on
    average, Sheppard's δ²/12 is added, with δ the smallest distance between two of the values: the
    spread of what a step of the score may hide. Scores that move in steps as large as their spread
    would otherwise give false alarms: 10.9 % of them with 7 differences of ±1 by chance.

    Args:
        differences: k of them, in ascending order, k ≥ 2.
        tolerance: values no further apart are equal up to rounding.

    Source: W. F. Sheppard, Proceedings of the London Mathematical Society 29 (1898), 353–380, for
    δ²/12.
    """
    pairs = len(differences)
    mean = math.fsum(differences) / pairs
    # Sorted, so that b − a has the same spread as a − b to the last bit.
    deviations = sorted(abs(difference - mean) for difference in differences)
    sd = math.hypot(*deviations) / math.sqrt(pairs - 1)
    steps = [upper - lower for lower, upper in pairwise(differences) if upper - lower > tolerance]
    values = len(steps) + 1
    if steps and values <= FEW_VALUES and pairs >= 2 * values:
        return math.hypot(sd, min(steps) / math.sqrt(12))
    return sd
