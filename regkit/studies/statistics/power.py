"""How many seeds would tell a difference."""

from __future__ import annotations

import math

POWER = 0.8
LEVEL = 0.05

NORMAL_BEYOND = 10**6
"""From this many seeds on, the t distribution is the normal one for this purpose."""

NO_WRONG_SIGN = 6.0
"""From this noncentrality on, t has the other sign in less than 1e-9 of all cases, and SciPy's
lower tail is NaN here and there."""


def seeds_needed(effect: float, test_to_train: float = 0.0) -> int | None:
    """The least number of seeds with power .8 of the two-sided t test at level .05.

    With n seeds t has n − 1 degrees of freedom and the noncentrality effect/√(1/n + r).

    Args:
        effect: the mean difference by the standard deviation of the differences.
        test_to_train: r, rows tested by rows trained on, where seeds split one table; 0 where
            seeds are independent. See `paired_difference`.

    Returns:
        At least 2; None if the effect is 0, or if no number suffices, since more splits of one
        table add less and less.
    """
    from scipy.special import ndtri

    noncentrality = float(ndtri(1 - LEVEL / 2) + ndtri(POWER))
    # n by the normal distribution, which is too few by about 2.
    per_seed = (effect / noncentrality) ** 2 - test_to_train
    if per_seed <= 0:
        return None
    least = max(2, math.ceil(1 / per_seed) - 1)
    if least > NORMAL_BEYOND:
        return least + 1
    if _power(effect, test_to_train, least) >= POWER:
        return least
    step = 1
    while _power(effect, test_to_train, least + step) < POWER:
        step *= 2
    too_few, enough = least + step // 2, least + step
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if _power(effect, test_to_train, middle) < POWER:
            too_few = middle
        else:
            enough = middle
    return enough


def _power(effect: float, test_to_train: float, seeds: int) -> float:
    from scipy.special import nctdtr, stdtrit

    # At 100 the power is 1 to the last digit, and SciPy's function soon NaN.
    noncentrality = min(abs(effect) / math.sqrt(1 / seeds + test_to_train), 100.0)
    critical = stdtrit(seeds - 1, 1 - LEVEL / 2)
    power = 1 - float(nctdtr(seeds - 1, noncentrality, critical))
    if noncentrality < NO_WRONG_SIGN:
        power += float(nctdtr(seeds - 1, noncentrality, -critical))
    return power
