import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regkit.studies.statistics import sign_flip
from regkit.studies.statistics.sign_flip import sign_flip_p


@given(st.lists(st.integers(-6, 6), min_size=2, max_size=9))
def test_p_is_the_share_of_signs_that_reach_the_mean(differences):
    # Integers, so that ties of sums are exact.
    sums = [
        abs(sum(sign * one for sign, one in zip(signs, differences, strict=True)))
        for signs in itertools.product((-1, 1), repeat=len(differences))
    ]
    reached = sum(total >= abs(sum(differences)) for total in sums)
    assert sign_flip_p(differences) == reached / len(sums)


def test_sums_that_are_equal_on_paper_count_as_equal():
    # .1 + .2 − .3 is 5.6e-17: each of the two assignments that give "0" must reach "0".
    assert sign_flip_p([0.1, 0.2, -0.3]) == 1.0


def test_scipys_permutation_test_agrees():
    differences = np.random.default_rng(3).normal(0.4, 1, 12)
    found = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert sign_flip_p(differences) == pytest.approx(found.pvalue)


def test_the_least_p_of_an_exact_test():
    assert sign_flip_p([1.0] * 5) == 2 / 2**5
    assert sign_flip_p([0.3, 0.1, 0.2]) == 2 / 2**3


def test_random_flips_agree_with_the_exact_count(monkeypatch):
    differences = np.random.default_rng(1).normal(0.3, 1, 18)
    exact = sign_flip_p(differences)
    monkeypatch.setattr(sign_flip, "EXACT_PAIRS", 0)
    # The share among 100,000: four standard errors.
    assert sign_flip_p(differences) == pytest.approx(exact, abs=4 * (exact / 1e5) ** 0.5)


def test_random_flips_never_give_zero():
    assert sign_flip_p(np.linspace(1, 2, 60)) == 1 / 100_001


@pytest.mark.parametrize("pairs", [7, 30])
def test_the_order_changes_nothing(pairs):
    generator = np.random.default_rng(2)
    differences = generator.normal(0.2, 1, pairs)
    p = sign_flip_p(differences)
    assert all(sign_flip_p(generator.permutation(differences)) == p for _ in range(5))
