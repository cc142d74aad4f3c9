"""The strength that a path chooses: glmnet's rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regkit.errors import InputError


@dataclass(frozen=True)
class Choice:
    """What `choose` chose.

    Attributes:
        lambda_min: the strength with the best mean, the largest one of equals.
        lambda_1se: the largest strength whose mean is within one standard error of the best.
        index_min: the position of `lambda_min`.
        index_1se: the position of `lambda_1se`.
    """

    lambda_min: float
    lambda_1se: float
    index_min: int
    index_1se: int


def choose(
    strengths: Sequence[float],
    means: Sequence[float],
    errors: Sequence[float],
    higher_is_better: bool = False,
) -> Choice:
    """Choose a strength by cross-validated means and their standard errors.

    With the least mean m at λ_min and its standard error e, λ_1se is the largest strength with a
    mean of at most m + e, so λ_1se ≥ λ_min. The error is the one at λ_min, a standard error and
    not a standard deviation. Where higher means are better, they are compared with their signs
    changed.

    Args:
        strengths: finite, in any order.
        means: the mean over the folds at each strength. One that is not finite belongs to a point
            that failed, and is never chosen.
        errors: their standard errors. Where the one at λ_min is not finite, as with one fold,
            λ_1se is λ_min.
        higher_is_better: true for accuracy and R².

    Raises:
        InputError: the lengths differ, a strength is not finite, an error is negative, or no mean
            is finite.

    Source: `getOptcv.glmnet` of glmnet; J. Friedman, T. Hastie, R. Tibshirani, "Regularization
    paths for generalized linear models via coordinate descent", Journal of Statistical Software 33
    (2010), no. 1.
    """
    if not len(strengths) == len(means) == len(errors):
        raise InputError(
            "choose: strengths, means and errors must have the same length, got "
            f"{len(strengths)}, {len(means)} and {len(errors)}"
        )
    losses = [-float(mean) if higher_is_better else float(mean) for mean in means]
    usable = [position for position, loss in enumerate(losses) if math.isfinite(loss)]
    if not usable:
        raise InputError("choose: no mean is finite, so there is no strength to choose")
    if not all(math.isfinite(strength) for strength in strengths):
        raise InputError("choose: every strength must be a finite number")
    if any(error < 0 for error in errors):
        raise InputError("choose: a standard error cannot be negative")

    def largest_up_to(limit: float) -> int:
        within = (position for position in usable if losses[position] <= limit)
        return max(within, key=lambda position: strengths[position])

    least = min(losses[position] for position in usable)
    index_min = largest_up_to(least)
    error = float(errors[index_min])
    index_1se = largest_up_to(least + error if math.isfinite(error) else least)
    return Choice(float(strengths[index_min]), float(strengths[index_1se]), index_min, index_1se)
