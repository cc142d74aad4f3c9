"""What a paired difference allows to be said, in words."""

from __future__ import annotations

import math

from regkit.studies.counts import counted
from regkit.studies.statistics.paired import PairedDifference


class Verdict(str):
    """What can be said of an arm and the baseline, in words.

    Attributes:
        told_apart: whether they differ beyond what seeds do.
        better: whether the arm is the better one; None if they are not told apart.
    """

    told_apart: bool
    better: bool | None

    def __new__(cls, text: str, *, better: bool | None = None) -> Verdict:
        """The text, and what it says; `better` is None if the two are not told apart."""
        made = super().__new__(cls, text)
        made.told_apart, made.better = better is not None, better
        return made


def verdict(
    baseline: str,
    difference: PairedDifference | None,
    adjusted_p: float | None,
    *,
    about: str = "",
    left_out: int = 0,
) -> Verdict:
    """Judge an arm's difference from the baseline.

    They are told apart where the corrected p value is below 1 − confidence.

    Args:
        baseline: its name.
        difference: of the arm minus the baseline; None if fewer than two pairs were finished.
        adjusted_p: the p value, corrected by `holm` for the number of comparisons.
        about: what the verdict holds of, where that is less than all data of the kind.
        left_out: the number of seeds left out since one of the arms failed.
    """
    lost = (
        f"; {counted(left_out, 'seed')} left out, where one of the two failed" if left_out else ""
    )
    if difference is None or adjusted_p is None:
        text = f"not told apart from {baseline}: fewer than 2 seeds finished in both"
        return Verdict(text + lost)
    scope = f", {about}" if about else ""
    if difference.all_equal:
        return Verdict(f"not told apart from {baseline}: {_equal(difference)}{scope}{lost}")
    if adjusted_p >= 1 - difference.confidence:
        told = f"not told apart from {baseline}: {_leaning(difference)}{scope}"
        told += _what_it_would_take(difference, adjusted_p)
        return Verdict(told + _carried(difference) + lost)
    better = (difference.mean > 0) == difference.higher_is_better
    mean, low, high = _rounded(difference)
    told = f"{'better' if better else 'worse'} than {baseline}: {mean} [{low}, {high}], "
    told += f"{_tally(difference, better=better)}{scope}"
    return Verdict(told + _carried(difference) + lost, better=better)


def _equal(difference: PairedDifference) -> str:
    if difference.mean == 0:
        return f"equal in each of {counted(difference.pairs, 'seed')}"
    return (
        f"all differences are equal, {difference.mean:+.3g} in each of "
        f"{counted(difference.pairs, 'seed')}, so there is no spread to judge by"
    )


def _leaning(difference: PairedDifference) -> str:
    """In how many seeds the arm is better, or worse where these are more."""
    worse = difference.pairs - difference.better_count - difference.ties
    if worse > difference.better_count:
        return _tally(difference, better=False)
    return f"better in {_tally(difference)}"


def _tally(difference: PairedDifference, *, better: bool = True) -> str:
    """In how many seeds the arm is better, or worse."""
    ties = difference.ties
    count = difference.better_count
    if not better:
        count = difference.pairs - count - ties
    equal = f" ({ties} equal)" if ties else ""
    worse = "" if better else "worse in "
    return f"{worse}{count} of {counted(difference.pairs, 'seed')}{equal}"


def _what_it_would_take(difference: PairedDifference, adjusted_p: float) -> str:
    if difference.p_value < 1 - difference.confidence:
        return (
            f"; told apart only if nothing else were compared (p {difference.p_value:.2g}, "
            f"corrected {adjusted_p:.2g})"
        )
    if difference.mean == 0:
        return "; the mean difference is 0"
    if difference.seeds_needed is None:
        return "; no number of splits would tell such a difference"
    return f"; {counted(difference.seeds_needed, 'seed')} would be needed"


def _carried(difference: PairedDifference) -> str:
    """Whether a mean that looks like something is one seed's doing."""
    mean = difference.mean
    if abs(mean) < difference.standard_error or difference.pairs < 3:
        return ""
    rest = difference.without_extreme
    if rest * mean > 0 and abs(rest) >= abs(mean) / 2:
        return ""
    return f"; one seed carries it: {rest:+.3g} without it, {mean:+.3g} with it"


def _rounded(difference: PairedDifference) -> tuple[str, str, str]:
    """Mean and interval, to two digits of what is uncertain."""
    reach = difference.high - difference.mean
    digits = max(0, 1 - math.floor(math.log10(reach))) if reach > 0 else 3
    mean, low, high = (
        f"{value:.{digits}f}" for value in (difference.mean, difference.low, difference.high)
    )
    return ("+" if difference.mean > 0 else "") + mean, low, high
