"""Rounds are interleaved, and ratios are made of pairs."""

import pytest
from benchmarks.rounds import fastest, interleaved, ratio


def test_each_round_asks_everyone_once_after_one_that_does_not_count():
    asked = []

    def measure(name):
        def take():
            asked.append(name)
            return float(len(asked))

        return take

    seconds = interleaved({name: measure(name) for name in "AB"}, rounds=2)
    assert asked == ["A", "B"] * 3
    assert seconds == {"A": [3.0, 5.0], "B": [4.0, 6.0]}


def test_what_disturbs_a_whole_round_falls_out_of_the_ratio():
    found = ratio({"A": [2.0, 200.0, 2.0], "B": [1.0, 100.0, 1.0]}, "A", "B")
    assert (found.quarter, found.median, found.three_quarters) == (2.0, 2.0, 2.0)
    assert found.of_minima == 2.0


def test_a_ratio_has_the_middle_half_of_its_pairs():
    found = ratio({"A": [1.0, 2.0, 3.0, 4.0, 5.0], "B": [1.0] * 5}, "A", "B")
    assert (found.quarter, found.median, found.three_quarters) == (2.0, 3.0, 4.0)
    assert found.of_minima == 1.0


def test_the_fastest_is_the_one_with_the_lowest_median():
    assert fastest({"A": [1.0, 9.0, 9.0], "B": [5.0, 5.0, 5.0]}, ["A", "B"]) == "B"


def test_one_round_is_enough_for_a_smoke_test():
    assert ratio({"A": [3.0], "B": [2.0]}, "A", "B").median == pytest.approx(1.5)
