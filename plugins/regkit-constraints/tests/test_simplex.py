"""The simplex, against the algorithm of Duchi et al. as published, and where rounding hurts."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from regkit_constraints import Simplex

from regkit.errors import FieldError


def as_published(v, total):
    """Duchi et al. (2008), figure 1, for one vector."""
    mu = sorted(v, reverse=True)
    rho = max(j for j in range(1, len(v) + 1) if mu[j - 1] - (sum(mu[:j]) - total) / j > 0)
    theta = (sum(mu[:rho]) - total) / rho
    return [max(x - theta, 0) for x in v]


@pytest.mark.parametrize("total", [0.1, 1.0, 30.0])
@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
def test_it_is_the_algorithm_as_published(total, scale):
    w = scale * np.random.default_rng(0).normal(size=(9, 12))
    expected = np.array([as_published(list(column), total) for column in w.T]).T
    assert_allclose(Simplex(total=total).projection(w), expected, atol=1e-12 * total)


def test_ties_share_and_small_entries_become_zero():
    w = np.array([[2.0, 0.9], [2.0, 0.3], [0.5, -4.0]])
    assert_allclose(Simplex().projection(w), [[0.5, 0.8], [0.5, 0.2], [0.0, 0.0]], rtol=1e-15)


def test_a_large_constant_takes_no_digits_away():
    """Its sums would otherwise be rounded to the size of the constant."""
    w = 1e12 + np.array([[0.75], [0.5], [0.0]])
    assert_array_equal(Simplex().projection(w), [[0.625], [0.375], [0.0]])


@pytest.mark.parametrize("spread", [-np.inf, -1e300])
def test_entries_far_below_the_largest_become_zero(spread):
    assert_array_equal(Simplex().projection(np.array([[spread], [7.0]])), [[0.0], [1.0]])


@pytest.mark.parametrize("total", [0.0, -1.0, float("inf")])
def test_the_total_is_above_zero_and_finite(total):
    with pytest.raises(FieldError, match="total must be above 0 and finite"):
        Simplex(total=total)


def test_infinite_entries_of_both_signs_pass_without_a_warning():
    broken = np.array([[np.inf, 0.25], [-np.inf, 0.75]])
    assert_array_equal(Simplex().projection(broken), broken)
