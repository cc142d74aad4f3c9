import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from regkit.studies.statistics.spread import standard_deviation


@pytest.mark.parametrize("pairs", [2, 3, 10, 30])
def test_it_is_the_samples_standard_deviation_where_values_are_many(pairs):
    differences = sorted(np.random.default_rng(pairs).normal(size=pairs).tolist())
    found = standard_deviation(differences, 0.0)
    assert found == pytest.approx(np.std(differences, ddof=1), rel=1e-14)


def test_two_or_three_values_that_recur_add_a_twelfth_of_their_squared_step():
    differences = [-0.1] * 2 + [0.0] * 3 + [0.1] * 2
    found = standard_deviation(differences, 1e-9)
    assert found**2 == pytest.approx(np.var(differences, ddof=1) + 0.01 / 12)


@pytest.mark.parametrize(
    "differences",
    [[0.0, 0.0, 0.1], [-1.0, 0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]],
    ids=["three pairs", "five pairs of three values", "four values"],
)
def test_nothing_is_added_where_values_recur_less_or_are_more(differences):
    found = standard_deviation(differences, 1e-9)
    assert found == pytest.approx(np.std(differences, ddof=1))


def test_values_that_differ_by_rounding_are_one_value():
    differences = sorted([0.9 - 0.8, 0.8 - 0.7, 0.7 - 0.6, 0.0, 0.0, 0.0])
    found = standard_deviation(differences, 1e-12)
    assert found**2 == pytest.approx(np.var(differences, ddof=1) + 0.01 / 12)


def test_large_differences_do_not_overflow():
    assert standard_deviation([-1e200, 0.0, 3e200], 0.0) == pytest.approx(2.0816659994661327e200)


def test_the_mirrored_differences_have_the_same_spread_to_the_bit():
    differences = sorted(np.random.default_rng(0).normal(size=17).tolist())
    mirrored = [-one for one in reversed(differences)]
    assert standard_deviation(mirrored, 0.0) == standard_deviation(differences, 0.0)


def multisets(pairs, values):
    if values == 1:
        yield (pairs,)
        return
    for first in range(pairs + 1):
        yield from ((first, *rest) for rest in multisets(pairs - first, values - 1))


def false_alarms(values, shares, pairs, spread):
    """The exact chance that |t| exceeds its 95 % limit, over every sample of `pairs`."""
    limit = stats.t.ppf(0.975, pairs - 1)
    chance = 0.0
    for counts in multisets(pairs, len(values)):
        sample = [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
        deviation = spread(sample)
        if deviation == 0 or abs(math.fsum(sample) / pairs) <= limit * deviation / pairs**0.5:
            continue
        log_share = gammaln(pairs + 1) + sum(
            count * math.log(share) - gammaln(count + 1)
            for count, share in zip(counts, shares, strict=True)
        )
        chance += math.exp(log_share)
    return chance


def of_independent_arms(shares):
    """The distribution of a − b where both take 0, 1, … with these shares."""
    return (
        [float(one) for one in range(1 - len(shares), len(shares))],
        np.convolve(shares, shares[::-1]).tolist(),
    )


def corrected(sample):
    return standard_deviation(sample, 1e-9)


@pytest.mark.parametrize("pairs", range(2, 31))
def test_coin_flips_give_few_false_alarms(pairs):
    assert false_alarms([-1.0, 1.0], [0.5, 0.5], pairs, corrected) <= 0.06


def test_without_the_correction_coin_flips_give_too_many():
    plain = false_alarms([-1.0, 1.0], [0.5, 0.5], 7, lambda sample: np.std(sample, ddof=1))
    assert plain == pytest.approx(0.109, abs=1e-3)


@pytest.mark.parametrize("pairs", [*range(2, 13), 15, 20, 30])
@pytest.mark.parametrize("zero", [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97])
def test_mostly_tied_pairs_give_few_false_alarms(pairs, zero):
    shares = [(1 - zero) / 2, zero, (1 - zero) / 2]
    assert false_alarms([-1.0, 0.0, 1.0], shares, pairs, corrected) <= 0.06


@pytest.mark.parametrize("pairs", [2, 3, 4, 5, 6, 7, 8, 9, 10])
@pytest.mark.parametrize("shares", [(1, 1), (1, 2, 1), (1, 1, 1), (4, 1, 4), (1, 8, 1), (6, 3, 1)])
def test_independent_arms_of_few_values_give_few_false_alarms(pairs, shares):
    values, of_values = of_independent_arms(np.array(shares) / sum(shares))
    assert false_alarms(values, of_values, pairs, corrected) <= 0.06
