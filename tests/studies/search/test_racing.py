"""Which trials are dropped."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from regkit.studies.search.racing import LEVEL, worse_trials
from regkit.studies.search.repeats import repeats_of
from regkit.studies.search.trial import SweepTrial


def trial(number, scores):
    repeats = repeats_of(range(len(scores)), None)
    return SweepTrial(number, {}, dict(zip(repeats, map(float, scores), strict=True)))


HARD = np.array([1.0, 9.0, 4.0, 7.0])
"""Repeats differ far more than trials."""


def test_what_repeats_have_in_common_does_not_hide_a_difference():
    best, worse = trial(0, HARD), trial(1, HARD + np.array([0.4, 0.5, 0.45, 0.5]))
    assert worse_trials([best, worse], None, higher_is_better=False) == {1}
    assert worse_trials([best, worse], None, higher_is_better=True) == {0}


def test_what_is_not_told_apart_goes_on():
    best, other = trial(0, HARD), trial(1, HARD + np.array([0.9, -0.5, 0.8, -0.6]))
    assert worse_trials([best, other], None, higher_is_better=False) == set()


def test_the_test_is_scipys_one_sided_paired_t():
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        a, b = rng.normal(size=5), rng.normal(0.8, 1, size=5)
        if a.mean() > b.mean():
            continue
        dropped = worse_trials([trial(0, a), trial(1, b)], None, higher_is_better=False) == {1}
        assert dropped == (ttest_rel(b, a, alternative="greater").pvalue < LEVEL)
        seen.add(dropped)
    assert seen == {True, False}


def test_a_champion_is_compared_over_the_repeats_that_both_have_had():
    champion = trial(0, [1.0, 1.1, 50.0, 60.0])
    running = [trial(1, [2.0, 2.101]), trial(2, [0.5, 0.6])]
    # Trial 2 is better over two repeats, whatever the champion's later ones are.
    assert worse_trials(running, champion, higher_is_better=False) == {1}
    assert worse_trials(running[:1], champion, higher_is_better=False) == {1}


def test_on_splits_of_one_table_more_is_needed():
    two = [trial(0, HARD), trial(1, HARD + np.array([0.1, 0.5, 0.3, 0.4]))]
    assert worse_trials(two, None, higher_is_better=False) == {1}
    assert worse_trials(two, None, higher_is_better=False, test_to_train=0.5) == set()


@pytest.mark.parametrize("running", [[], [trial(0, HARD)]])
def test_nothing_is_dropped_without_another(running):
    assert worse_trials(running, None, higher_is_better=False) == set()


def test_equal_differences_tell_nothing():
    two = [trial(0, HARD), trial(1, HARD + 1)]
    assert worse_trials(two, None, higher_is_better=False) == set()
