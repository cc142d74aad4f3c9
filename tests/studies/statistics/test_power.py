import math

import pytest
from scipy import stats

from regkit.studies.statistics.power import seeds_needed


def power(effect, seeds, test_to_train=0.0):
    """By SciPy's noncentral t distribution."""
    noncentrality = effect / math.sqrt(1 / seeds + test_to_train)
    t = stats.t.ppf(0.975, seeds - 1)
    return stats.nct.sf(t, seeds - 1, noncentrality) + stats.nct.cdf(-t, seeds - 1, noncentrality)


@pytest.mark.parametrize("effect", [0.05, 0.2, 0.371, 0.5, 0.8, 1.0, 1.5, 3.0, 10.0])
def test_it_is_the_least_number_with_power_of_four_fifths(effect):
    seeds = seeds_needed(effect)
    assert power(effect, seeds) >= 0.8
    assert seeds == 2 or power(effect, seeds - 1) < 0.8


@pytest.mark.parametrize(
    ("effect", "seeds"),
    # J. Cohen's d of a paired t test at .05 and .8, as G*Power and R's pwr.t.test print them.
    [(0.2, 199), (0.5, 34), (0.8, 15)],
)
def test_known_sizes(effect, seeds):
    assert seeds_needed(effect) == seeds


def test_the_direction_of_the_effect_does_not_matter():
    assert seeds_needed(-0.5) == seeds_needed(0.5)


@pytest.mark.parametrize("effect", [12, 15, 20, 25, 30, 40, 60, 100, 1e3, 1e6, 1e9, 1e15])
def test_a_huge_effect_needs_two(effect):
    # With two seeds t exceeds its limit of 12.7 unless a half-normal variate exceeds effect/9.
    assert seeds_needed(effect) == 2


def test_no_effect_needs_no_number():
    assert seeds_needed(0.0) is None


def test_a_tiny_effect_needs_what_the_normal_distribution_says():
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert seeds_needed(1e-4) == pytest.approx((z / 1e-4) ** 2, rel=1e-6)


@pytest.mark.parametrize("effect", [1.41, 1.5, 2.0, 4.0])
def test_over_splits_it_is_the_least_number_too(effect):
    seeds = seeds_needed(effect, 0.25)
    assert power(effect, seeds, 0.25) >= 0.8
    assert seeds > seeds_needed(effect)
    assert power(effect, seeds - 1, 0.25) < 0.8


def test_over_splits_a_small_effect_is_never_told():
    # However many splits, the noncentrality stays below effect/√r.
    assert seeds_needed(1.40, 0.25) is None
    assert power(1.40, 10**9, 0.25) < 0.8
