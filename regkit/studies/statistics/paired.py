"""The difference of two arms over the same seeds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from regkit.errors import InputError
from regkit.studies.statistics.power import seeds_needed
from regkit.studies.statistics.sign_flip import sign_flip_p
from regkit.studies.statistics.spread import standard_deviation

Float64 = np.ndarray[Any, np.dtype[np.float64]]

ROUNDING = 16
"""Scores within this many rounding errors of each other count as equal."""

LARGEST = 1e300
"""Sums of larger scores overflow."""


@dataclass(frozen=True)
class PairedDifference:
    """What `paired_difference` found of a − b.

    Attributes:
        mean: of the differences.
        low: the lower end of the mean's confidence interval.
        high: the upper end.
        p_value: of the two-sided t test that the mean is 0.
        better: the share of pairs in which a is strictly better.
        better_count: their number.
        ties: the number of pairs that are equal up to rounding.
        pairs: the number of pairs, k.
        sd: the standard deviation of the differences.
        standard_error: of the mean, as the interval takes it.
        confidence: of the interval.
        all_equal: whether all differences are equal up to rounding, so that there is no spread to
            judge by.
        higher_is_better: whether the larger score is the better one.
        test_to_train: rows tested by rows trained on, if the variance is corrected by it.
        differences: in ascending order.
    """

    mean: float
    low: float
    high: float
    p_value: float
    better: float
    better_count: int
    ties: int
    pairs: int
    sd: float
    standard_error: float
    confidence: float
    all_equal: bool
    higher_is_better: bool
    test_to_train: float | None
    differences: tuple[float, ...] = field(repr=False)

    @property
    def degrees(self) -> int:
        """The t distribution's degrees of freedom, k − 1."""
        return self.pairs - 1

    @property
    def corrected(self) -> bool:
        """Whether the variance is corrected for splits of one table."""
        return self.test_to_train is not None

    @cached_property
    def sign_flip_p(self) -> float:
        """The p value of the sign-flip test; it decides nothing."""
        return sign_flip_p(self.differences)

    @cached_property
    def seeds_needed(self) -> int | None:
        """The least number of seeds with power .8 at level .05, were this mean the true one.

        None if the mean is 0, if there is no spread to judge by, or if no number suffices.
        """
        if self.all_equal or self.mean == 0:
            return None
        return seeds_needed(self.mean / self.sd, self.test_to_train or 0.0)

    @property
    def without_extreme(self) -> float:
        """The mean without the pair that contributes most to it; NaN below three pairs."""
        if self.pairs < 3:
            return math.nan
        rest = self.differences[:-1] if self.mean > 0 else self.differences[1:]
        return math.fsum(rest) / len(rest)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as JSON takes it: None for an interval without ends."""
        bounded = math.isfinite(self.low)
        return {
            "mean": self.mean,
            "low": self.low if bounded else None,
            "high": self.high if bounded else None,
            "p_value": self.p_value,
            "sign_flip_p": self.sign_flip_p,
            "better": self.better,
            "better_count": self.better_count,
            "ties": self.ties,
            "pairs": self.pairs,
            "sd": self.sd,
            "confidence": self.confidence,
            "all_equal": self.all_equal,
            "seeds_needed": self.seeds_needed,
        }


def paired_difference(
    a: ArrayLike,
    b: ArrayLike,
    confidence: float = 0.95,
    *,
    higher_is_better: bool = True,
    test_to_train: float | None = None,
) -> PairedDifference:
    """Judge a − b, where the i-th scores of both come from the same seed.

    With the mean d̄ and the standard deviation s of the k differences, t = d̄/SE has k − 1 degrees
    of freedom, SE = s·√(1/k), and the interval is d̄ ± q·SE with the quantile q of that t
    distribution. Where seeds split one table anew, training sets overlap and the differences
    depend on each other; SE = s·√(1/k + n_test/n_train) allows for it. Where differences take only
    two or three values, s is larger than the sample's: see `standard_deviation`.

    If all differences are equal, no spread tells how sure they are: `p_value` is 1, and the
    interval is everything, or [0, 0] if they are all 0.

    Args:
        a: scores by seed, one-dimensional.
        b: the baseline's, as many, in the same order of seeds. The order itself changes nothing.
        confidence: of the interval, between 0 and 1.
        higher_is_better: false for losses and errors; it decides `better` alone.
        test_to_train: n_test/n_train, if each seed splits the same table anew.

    Raises:
        InputError: the lengths differ, there are fewer than two pairs, a score is not a finite
            number, or an argument is out of range.

    Source: C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52
    (2003), 239–281, for the corrected variance.
    """
    from scipy.special import stdtr, stdtrit

    if not 0 < confidence < 1:
        raise InputError(f"paired_difference: confidence must be between 0 and 1, got {confidence}")
    if test_to_train is not None and not 0 < test_to_train < math.inf:
        raise InputError(
            "paired_difference: test_to_train must be a positive number, rows tested by rows "
            f"trained on, got {test_to_train}"
        )
    differences, tolerance = _differences(a, b)
    pairs = len(differences)
    mean = math.fsum(differences) / pairs
    if abs(mean) <= tolerance:
        mean = 0.0
    all_equal = differences[-1] - differences[0] <= tolerance
    sd = standard_error = 0.0
    low, high, p_value = -math.inf, math.inf, 1.0
    if not all_equal:
        sd = standard_deviation(differences, tolerance)
        standard_error = sd * math.sqrt(1 / pairs + (test_to_train or 0.0))
        p_value = 2 * float(stdtr(pairs - 1, -abs(mean) / standard_error))
        reach = float(stdtrit(pairs - 1, (1 + confidence) / 2)) * standard_error
        low, high = mean - reach, mean + reach
    elif mean == 0:
        low = high = 0.0
    better_count = sum((one > 0) if higher_is_better else (one < 0) for one in differences)
    return PairedDifference(
        mean,
        low,
        high,
        p_value,
        better_count / pairs,
        better_count,
        differences.count(0.0),
        pairs,
        sd,
        standard_error,
        confidence,
        all_equal,
        higher_is_better,
        test_to_train,
        differences,
    )


def _differences(a: ArrayLike, b: ArrayLike) -> tuple[tuple[float, ...], float]:
    """The differences in ascending order, 0 where scores are equal up to rounding; the rounding."""
    (first, a_eps), (second, b_eps) = _scores(a, "a"), _scores(b, "b")
    if len(first) != len(second):
        raise InputError(
            f"paired_difference: a has {len(first)} scores and b has {len(second)}; pair them by "
            "seed, and leave out seeds that only one of them has"
        )
    if len(first) < 2:
        raise InputError(
            "paired_difference: fewer than two pairs of scores show no spread, and here are "
            f"{len(first)}; use more seeds"
        )
    # Each pair has its own: one huge score says nothing of the others.
    rounding = ROUNDING * max(a_eps, b_eps) * np.maximum(np.abs(first), np.abs(second))
    found = np.where(np.abs(first - second) <= rounding, 0.0, first - second)
    return tuple(sorted(found.tolist())), float(rounding.max())


def _scores(values: ArrayLike, name: str) -> tuple[Float64, float]:
    """The scores, and the rounding error of the type in which they came."""
    try:
        given = np.asarray(values)
        scores = given.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(f"paired_difference: {name} must be numbers, one score a seed") from None
    if scores.ndim != 1:
        raise InputError(
            f"paired_difference: {name} must have one dimension, one score a seed, got shape "
            f"{scores.shape}"
        )
    usable = np.abs(scores) <= LARGEST  # False for NaN
    if not usable.all():
        position = int(np.argmin(usable))
        raise InputError(
            f"paired_difference: score {position} of {name} is {scores[position]}; leave out, in "
            "both, the seeds that failed"
        )
    own = given.dtype if np.issubdtype(given.dtype, np.floating) else scores.dtype
    return scores, float(np.finfo(own).eps)
