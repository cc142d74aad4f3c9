import numpy as np
import pytest

from regkit.studies.statistics.paired import paired_difference
from regkit.studies.statistics.verdict import verdict

SPLITS = "over splits of this table"


def judged(a, b, adjusted_p=None, *, over_splits=False, left_out=0, **arguments):
    about = SPLITS if over_splits else ""
    if over_splits:
        arguments["test_to_train"] = 0.25
    found = paired_difference(a, b, **arguments)
    p = found.p_value if adjusted_p is None else adjusted_p
    return verdict("none", found, p, about=about, left_out=left_out)


def around(mean, pairs=20):
    """Differences with this mean and a standard deviation of .1, evenly spread, in no order."""
    spread = np.linspace(-1, 1, pairs)
    return np.random.default_rng(0).permutation(mean + 0.1 * spread / spread.std(ddof=1))


def test_better():
    found = judged(0.8 + around(0.1), [0.8] * 20)
    assert found == "better than none: +0.100 [0.053, 0.147], 16 of 20 seeds"
    assert found.told_apart
    assert found.better is True


def test_worse():
    found = judged(0.8 + around(-0.1), [0.8] * 20)
    assert found == "worse than none: -0.100 [-0.147, -0.053], worse in 16 of 20 seeds"
    assert found.told_apart
    assert found.better is False


def test_of_a_loss_less_is_better():
    found = judged(0.8 + around(-0.1), [0.8] * 20, higher_is_better=False)
    assert found == "better than none: -0.100 [-0.147, -0.053], 16 of 20 seeds"
    assert found.better is True


def test_not_told_apart():
    found = judged(0.8 + around(0.03), [0.8] * 20)
    assert found == "not told apart from none: better in 12 of 20 seeds; 90 seeds would be needed"
    assert not found.told_apart
    assert found.better is None


def test_the_seeds_that_are_counted_are_those_of_the_side_that_has_more():
    found = judged([0.7, 0.79, 0.6], [0.8, 0.8, 0.8])
    assert found.startswith("not told apart from none: worse in 3 of 3 seeds; ")
    found = judged([0.9, 0.79, 0.7, 0.8], [0.8] * 4)
    assert found.startswith("not told apart from none: worse in 2 of 4 seeds (1 equal); ")


def test_ties_are_counted_apart():
    found = judged([0.9, 0.8, 0.85, 0.8, 0.7], [0.8] * 5)
    assert "2 of 5 seeds (2 equal); " in found


def test_over_splits_the_text_says_so():
    found = judged(0.8 + around(0.2), [0.8] * 20, over_splits=True)
    assert found.startswith("better than none: +0.20 [0.09, 0.31], 20 of 20 seeds, over splits of ")
    found = judged(0.8 + around(0.03), [0.8] * 20, over_splits=True)
    assert found == (
        "not told apart from none: better in 12 of 20 seeds, over splits of this table; no number "
        "of splits would tell such a difference"
    )


def test_one_seed_that_carries_the_difference_is_mentioned():
    # The chapter's job: none and L2 on five seeds.
    found = judged([0.88, 0.872, 0.876, 0.87, 0.88], [0.714, 0.869, 0.87, 0.862, 0.875])
    assert found == (
        "not told apart from none: better in 5 of 5 seeds; 31 seeds would be needed; one seed "
        "carries it: +0.0055 without it, +0.0376 with it"
    )


def test_a_difference_within_its_error_is_nobodys_doing():
    assert "carries" not in judged([0.9, 0.8, 0.7, 0.81], [0.8] * 4)


@pytest.mark.parametrize(
    ("a", "words"),
    [
        ([0.8] * 3, "equal in each of 3 seeds"),
        ([0.9] * 3, "all differences are equal, +0.1 in each of 3 seeds, so there is no spread"),
    ],
)
def test_equal_differences_are_told_as_such(a, words):
    for over_splits in (False, True):
        found = judged(a, [0.8] * 3, over_splits=over_splits)
        assert found.startswith(f"not told apart from none: {words}")
        assert not found.told_apart
        assert ("over splits of this table" in found) == over_splits


def test_a_mean_of_zero():
    found = judged([0.9, 0.7], [0.8, 0.8])
    assert found == "not told apart from none: better in 1 of 2 seeds; the mean difference is 0"


def test_what_only_the_number_of_comparisons_hides_is_said():
    found = judged(0.8 + around(0.05), [0.8] * 20, adjusted_p=0.15)
    assert found == (
        "not told apart from none: better in 13 of 20 seeds; told apart only if nothing else were "
        "compared (p 0.038, corrected 0.15)"
    )


def test_seeds_left_out_are_counted():
    found = judged(0.8 + around(0.03), [0.8] * 20, left_out=1)
    assert found.endswith("; 1 seed left out, where one of the two failed")


def test_too_few_seeds():
    found = verdict("none", None, None, left_out=4)
    assert found == (
        "not told apart from none: fewer than 2 seeds finished in both; 4 seeds left out, where "
        "one of the two failed"
    )
    assert not found.told_apart


def test_the_confidence_decides():
    a = 0.8 + around(0.05)
    assert judged(a, [0.8] * 20, confidence=0.9).told_apart
    assert not judged(a, [0.8] * 20, confidence=0.99).told_apart


ROWS, TESTED, INPUTS, NOISE = 120, 24, 20, 2.0
COEFFICIENTS = np.r_[np.full(5, 0.5), np.zeros(15)]


def squared_errors(strengths, splits, generator):
    """The test error of each strength of ridge regression on each split of one fresh table."""
    X = generator.normal(size=(ROWS, INPUTS))
    y = X @ COEFFICIENTS + NOISE * generator.normal(size=ROWS)
    order = np.array([generator.permutation(ROWS) for _ in range(splits)])
    tested, trained = order[:, :TESTED], order[:, TESTED:]
    transposed = np.swapaxes(X[trained], 1, 2)
    products, targets = transposed @ X[trained], transposed @ y[trained][..., None]
    return [
        np.mean(
            (
                (X[tested] @ np.linalg.solve(products + strength * np.eye(INPUTS), targets))[..., 0]
                - y[tested]
            )
            ** 2,
            axis=1,
        )
        for strength in strengths
    ]


@pytest.mark.slow
@pytest.mark.parametrize("splits", [10, 30])
# Pairs of strengths, one too small and one too large, whose expected errors are equal: found by
# interpolation between the mean errors on 200,000 tables of 96 rows.
@pytest.mark.parametrize("strengths", [(10, 322.5), (1, 885.5)])
def test_arms_of_equal_expected_score_are_seldom_told_apart_over_splits(strengths, splits):
    generator = np.random.default_rng(11)
    told_apart = too_sure = 0
    for _ in range(600):
        a, b = squared_errors(strengths, splits, generator)
        found = paired_difference(a, b, higher_is_better=False, test_to_train=TESTED / 96)
        told_apart += verdict("b", found, found.p_value, about=SPLITS).told_apart
        too_sure += paired_difference(a, b).p_value < 0.05
    assert told_apart / 600 <= 0.06
    # As if splits were independent, it would be told apart far more often: the test can fail.
    assert too_sure / 600 > 0.12
