import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import regkit as rk
from regkit.errors import InputError
from regkit.studies.statistics.holm import holm
from regkit.studies.statistics.paired import PairedDifference, paired_difference

scores = st.lists(
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=12
).map(lambda pairs: tuple(np.array(pairs).T))


def normal_scores(pairs, seed=0):
    generator = np.random.default_rng(seed)
    seeds = generator.normal(size=pairs)
    return seeds + generator.normal(0.3, 1, pairs), seeds + generator.normal(0, 1, pairs)


class TestAgainstSciPy:
    @pytest.mark.parametrize("pairs", [2, 3, 5, 10, 30, 200])
    @pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
    def test_the_t_test_and_its_interval(self, pairs, confidence):
        a, b = normal_scores(pairs)
        found = paired_difference(a, b, confidence)
        reference = stats.ttest_rel(a, b)
        low, high = reference.confidence_interval(confidence)
        assert found.p_value == pytest.approx(reference.pvalue, rel=1e-12)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-10)
        assert found.mean == pytest.approx(np.mean(a - b))
        assert found.degrees == reference.df

    def test_two_decimals_are_continuous_enough(self):
        a, b = [0.91, 0.93, 0.90, 0.94, 0.92], [0.90, 0.90, 0.88, 0.90, 0.91]
        found = paired_difference(a, b)
        assert found.p_value == pytest.approx(stats.ttest_rel(a, b).pvalue, rel=1e-10)

    def test_over_splits_the_variance_is_nadeaus_and_bengios(self):
        a, b = normal_scores(10)
        found = paired_difference(a, b, test_to_train=0.25)
        error = np.std(a - b, ddof=1) * math.sqrt(1 / 10 + 0.25)
        t = np.mean(a - b) / error
        assert found.p_value == pytest.approx(2 * stats.t.sf(abs(t), 9))
        assert found.high - found.mean == pytest.approx(stats.t.ppf(0.975, 9) * error)
        assert found.corrected
        assert found.standard_error == pytest.approx(error)


class TestCounts:
    def test_ties_are_not_better(self):
        found = paired_difference([0.9, 0.8, 0.7, 0.6], [0.8, 0.8, 0.8, 0.5])
        assert (found.better, found.better_count, found.ties, found.pairs) == (0.5, 2, 1, 4)

    def test_lower_may_be_better(self):
        found = paired_difference([0.9, 0.8, 0.7], [0.8, 0.8, 0.8], higher_is_better=False)
        assert found.better_count == 1
        assert found.mean == pytest.approx(0)

    def test_scores_equal_up_to_rounding_are_tied(self):
        found = paired_difference([0.1 + 0.2, 0.5], [0.3, 0.4])
        assert (found.ties, found.better_count) == (1, 1)

    def test_float32_scores_are_equal_up_to_their_own_rounding(self):
        a = np.array([0.9, 0.8, 0.7], np.float32)
        assert paired_difference(a, a - np.float32(0.1)).all_equal


class TestEqualDifferences:
    @pytest.mark.parametrize(
        ("a", "b"),
        [([0.9, 0.8, 0.7], [0.8, 0.7, 0.6]), ([1.0, 1.0], [0.0, 0.0]), ([5] * 20, [3] * 20)],
        ids=["up to rounding", "two pairs", "integers"],
    )
    def test_they_are_no_certainty(self, a, b):
        found = paired_difference(a, b)
        assert found.all_equal
        assert found.p_value == 1
        assert (found.low, found.high) == (-math.inf, math.inf)
        assert found.mean == pytest.approx(a[0] - b[0])
        assert found.better == 1
        assert found.seeds_needed is None

    def test_equal_scores_in_every_pair(self):
        found = paired_difference([0.9, 0.8, 0.7], [0.9, 0.8, 0.7])
        assert found.all_equal
        assert (found.mean, found.low, found.high, found.p_value) == (0, 0, 0, 1)
        assert (found.ties, found.better, found.sign_flip_p) == (3, 0, 1)
        assert found.seeds_needed is None

    def test_the_sign_flip_test_still_says_what_can_be_said(self):
        assert paired_difference([0.9, 0.8, 0.7], [0.8, 0.7, 0.6]).sign_flip_p == 0.25

    def test_over_splits_alike(self):
        assert paired_difference([1.0] * 5, [0.5] * 5, test_to_train=0.25).p_value == 1

    def test_nearly_equal_ones_are_judged(self):
        found = paired_difference([0.9, 0.8, 0.7], [0.8, 0.7, 0.6 + 1e-9])
        assert not found.all_equal
        assert 0 < found.p_value < 1e-6


class TestOrder:
    @given(scores, st.randoms())
    def test_the_order_of_seeds_changes_nothing_to_the_bit(self, pair, random):
        order = list(range(len(pair[0])))
        random.shuffle(order)
        a, b = pair
        assert paired_difference(a[order], b[order]) == paired_difference(a, b)

    @given(scores)
    def test_exchanging_the_arms_mirrors_everything(self, pair):
        a, b = pair
        found, mirrored = paired_difference(a, b), paired_difference(b, a)
        assert (mirrored.mean, mirrored.low, mirrored.high) == (
            -found.mean,
            -found.high,
            -found.low,
        )
        assert mirrored.p_value == found.p_value
        assert mirrored.better_count == found.pairs - found.ties - found.better_count
        assert mirrored.seeds_needed == found.seeds_needed
        assert mirrored.sign_flip_p == found.sign_flip_p

    @given(scores)
    def test_interval_and_p_agree(self, pair):
        found = paired_difference(*pair)
        if not math.isclose(found.p_value, 0.05, rel_tol=1e-9):
            assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)


class TestSeedsNeeded:
    def test_it_goes_by_the_effect_that_was_seen(self):
        a, b = normal_scores(20)
        found = paired_difference(a, b)
        effect = abs(found.mean) / found.sd
        needed = found.seeds_needed

        def power(seeds):
            t = stats.t.ppf(0.975, seeds - 1)
            shifted = stats.nct(seeds - 1, effect * math.sqrt(seeds))
            return shifted.sf(t) + shifted.cdf(-t)

        assert power(needed) >= 0.8 > power(needed - 1)

    def test_a_mean_of_zero_needs_no_number(self):
        # .9 − .8 and .7 − .8 add up to 0 on paper alone.
        found = paired_difference([0.9, 0.7], [0.8, 0.8])
        assert found.mean == 0
        assert found.p_value == 1
        assert found.seeds_needed is None

    def test_over_splits_of_one_table_no_number_may_suffice(self):
        a, b = normal_scores(20)
        assert paired_difference(a, b, test_to_train=0.25).seeds_needed is None


def test_the_mean_without_the_pair_that_contributes_most():
    assert paired_difference([3.0, 0.0, 1.0], [0.0] * 3).without_extreme == 0.5
    assert paired_difference([-3.0, 0.0, 1.0], [0.0] * 3).without_extreme == 0.5
    assert math.isnan(paired_difference([3.0, 0.0], [0.0] * 2).without_extreme)


def test_as_plain_data():
    entry = paired_difference(*normal_scores(5)).as_dict()
    assert entry == json.loads(json.dumps(entry, allow_nan=False))
    assert {"mean", "low", "high", "p_value", "sign_flip_p", "better", "seeds_needed"} <= set(entry)
    unbounded = paired_difference([2.0, 2.0], [1.0, 1.0]).as_dict()
    assert unbounded["low"] is unbounded["high"] is None


def test_it_is_a_public_name():
    assert rk.studies.paired_difference is paired_difference
    assert isinstance(paired_difference([1, 2], [1, 3]), PairedDifference)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 2.0], [1.0]), "a has 2 scores and b has 1; pair them by seed"),
        (([1.0], [1.0]), "fewer than two pairs of scores show no spread, and here are 1"),
        (([], []), "fewer than two pairs of scores show no spread, and here are 0"),
        (([1.0, math.nan], [1.0, 2.0]), "score 1 of a is nan; leave out, in both"),
        (([1.0, 2.0], [math.inf, 2.0]), "score 0 of b is inf; leave out, in both"),
        (([1.0, 2.0], [1.0, 1e305]), "score 1 of b is 1e[+]305; leave out, in both"),
        ((["x", "y"], [1.0, 2.0]), "a must be numbers, one score a seed"),
        (([1.0, 2.0], [[1.0], [2.0]]), r"b must have one dimension.*got shape \(2, 1\)"),
        (([1.0, 2.0], [[1.0], [2.0, 3.0]]), "b must be numbers"),
        ((1.0, 2.0), r"a must have one dimension.*got shape \(\)"),
        (([1.0, 2.0], [1.0, 3.0], 95), "confidence must be between 0 and 1, got 95"),
        (([1.0, 2.0], [1.0, 3.0], math.nan), "confidence must be between 0 and 1, got nan"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, message):
    with pytest.raises(InputError, match=message) as caught:
        paired_difference(*arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ratio", [0.0, -0.25, math.nan, math.inf])
def test_a_ratio_of_rows_is_positive(ratio):
    with pytest.raises(InputError, match="test_to_train must be a positive number"):
        paired_difference([1.0, 2.0], [1.0, 3.0], test_to_train=ratio)


def share_of_alarms(arms):
    """How often two arms that are equally good are told apart at .05."""
    found = [paired_difference(*pair) for pair in arms]
    alarms = [one.p_value < 0.05 for one in found]
    assert alarms == [one.low > 0 or one.high < 0 for one in found]
    return np.mean(alarms)


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [3, 5, 10, 30])
def test_false_alarms_with_normal_differences_are_4_to_6_percent(pairs):
    generator = np.random.default_rng(pairs)
    arms = generator.normal(size=(10_000, 2, pairs))
    arms += 3 * generator.normal(size=(10_000, 1, pairs))  # What a seed does to both arms.
    assert 0.04 <= share_of_alarms(arms) <= 0.06


def accuracy(rows, share):
    return lambda generator, size: generator.binomial(rows, share, size) / rows


def hard_and_easy_seeds(generator, size):
    """Accuracy on 100 rows, where a seed makes the table harder or easier for both arms."""
    share = generator.uniform(0.6, 0.95, (size[0], 1, size[2]))
    return generator.binomial(100, np.broadcast_to(share, size)) / 100


def on_the_same_rows(generator, size):
    """Arms that differ on few of 100 rows, and there at random."""
    differing = generator.binomial(100, 0.02, (size[0], 1, size[2]))
    won = generator.binomial(differing, 0.5)
    return np.concatenate([won, differing - won], axis=1) / 100


def mostly_tied(generator, size):
    return 0.9 + 0.01 * (generator.random(size) < 0.05)


def coin(generator, size):
    """Each arm works or does not."""
    return np.where(generator.random(size) < 0.5, 1.0, 1 / 3)


def coin_with_noise(generator, size):
    return coin(generator, size) + generator.normal(0, 0.01, size)


def collapsing(share):
    def draw(generator, size):
        fallen = generator.random(size) < share
        return generator.normal(0.9, 0.02, size) - 0.5 * fallen

    return draw


def heavy_tails(generator, size):
    return generator.standard_t(2, size)


def skewed(generator, size):
    return generator.exponential(1, size)


NULLS = {
    **{
        f"accuracy {share} on {rows} rows": accuracy(rows, share)
        for rows in (20, 100, 300)
        for share in (0.5, 0.8, 0.95)
    },
    "hard and easy seeds": hard_and_easy_seeds,
    "on the same rows": on_the_same_rows,
    "mostly tied": mostly_tied,
    "coin": coin,
    "coin with noise": coin_with_noise,
    "collapsing in 2 %": collapsing(0.02),
    "collapsing in 10 %": collapsing(0.1),
    "collapsing in 30 %": collapsing(0.3),
    "heavy tails": heavy_tails,
    "skewed": skewed,
}


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [3, 5, 10, 30])
@pytest.mark.parametrize("null", NULLS)
def test_no_tied_discrete_or_collapsing_scores_give_more_than_6_percent(null, pairs):
    generator = np.random.default_rng(pairs)
    assert share_of_alarms(NULLS[null](generator, (10_000, 2, pairs))) <= 0.06


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [3, 5, 10, 30])
def test_family_wise_false_alarms_of_five_arms_are_at_most_5_5_percent(pairs):
    generator = np.random.default_rng(100 + pairs)
    alarms = 0
    for baseline, *others in generator.normal(size=(10_000, 5, pairs)):
        alarms += min(holm([paired_difference(one, baseline).p_value for one in others])) < 0.05
    assert alarms / 10_000 <= 0.055


def test_one_huge_score_leaves_the_other_pairs_as_they_are():
    found = paired_difference([0.5, 0.4, 0.3, 0.35, 1e14], [0.6, 0.7, 0.5, 0.6, 0.5])
    assert found.ties == 0
    assert found.better_count == 1
    assert found.differences[0] == pytest.approx(-0.3)
