"""Keeping rows back, held against scikit-learn's train_test_split."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from regkit.data import read_table, split, split_by_group, split_last
from regkit.errors import DataError, InputError

counts = st.lists(st.integers(4, 40), min_size=2, max_size=6)
fractions = st.floats(0.1, 0.9)


def table_of(y):
    return read_table(np.arange(len(y), dtype=float).reshape(-1, 1), y)


def rows_of(table):
    return table.columns["x1"].values.astype(int).tolist()


@given(counts, fractions, st.integers(0, 2**32 - 1))
def test_every_row_lands_in_exactly_one_part(sizes, fraction, seed):
    y = np.repeat(np.arange(len(sizes)), sizes)
    training, validation = split(table_of(y), fraction, seed, stratify=True)
    assert sorted(rows_of(training) + rows_of(validation)) == list(range(len(y)))
    assert rows_of(training) == sorted(rows_of(training))
    assert set(training.columns["y"].values) == set(y)


@given(counts, fractions, st.integers(0, 10))
def test_each_class_gets_its_share_as_scikit_learn_gives_it(sizes, fraction, seed):
    y = np.repeat(np.arange(len(sizes)), sizes)
    held_out = round(fraction * len(y))
    if not len(sizes) <= held_out <= len(y) - len(sizes):
        return
    _, validation = split(table_of(y), fraction, seed, stratify=True)
    _, expected = train_test_split(y, test_size=held_out, stratify=y, random_state=seed)
    found = np.bincount(validation.columns["y"].values, minlength=len(sizes))
    # Ties between equal remainders go either way.
    assert np.abs(found - np.bincount(expected, minlength=len(sizes))).max() <= 1
    assert np.abs(found - np.array(sizes) * fraction).max() <= 1


def test_without_classes_the_share_is_of_all_rows():
    training, validation = split(table_of(np.arange(50.0)), 0.25, 0, stratify=False)
    assert (len(training), len(validation)) == (38, 12)


def test_the_seed_decides_which_rows():
    table = table_of(np.repeat([0, 1], 50))
    once, again, other = (split(table, 0.3, seed, stratify=True)[1] for seed in (1, 1, 2))
    assert rows_of(once) == rows_of(again) != rows_of(other)


@pytest.mark.parametrize("fraction", [0, 1, -0.1, float("nan"), "half"])
def test_a_share_must_lie_between_0_and_1(fraction):
    with pytest.raises(InputError, match="the validation fraction must be"):
        split(table_of([0, 1]), fraction, 0, stratify=True)


def grouped(groups, target="y"):
    frame = pd.DataFrame({"n": np.arange(len(groups)), "g": groups, "y": 0.0})
    return read_table(frame, target=target)


@given(st.lists(st.integers(0, 6), min_size=4, max_size=60), fractions, st.integers(0, 99))
def test_no_group_is_on_both_sides(groups, fraction, seed):
    table = grouped(groups)
    if len(set(groups)) < 2:
        with pytest.raises(DataError, match="'g' holds one group only"):
            split_by_group(table, fraction, seed, "g")
        return
    smallest, largest = (of(map(groups.count, groups)) for of in (min, max))
    if smallest >= 2 * fraction * len(groups):
        # No group brings the rows closer to the fraction.
        with pytest.raises(DataError, match="leaves none to validate on"):
            split_by_group(table, fraction, seed, "g")
        return
    training, validation = split_by_group(table, fraction, seed, "g")
    assert list(training.columns) == ["n", "g", "y"]
    parts = [one.columns["n"].values.tolist() for one in (training, validation)]
    assert sorted([*parts[0], *parts[1]]) == list(range(len(groups)))
    sides = [{groups[row] for row in part} for part in parts]
    assert not sides[0] & sides[1]
    assert abs(len(parts[1]) - fraction * len(groups)) <= largest
    again = split_by_group(table, fraction, seed, "g")
    assert again[1].columns["n"].values.tolist() == parts[1]


def test_groups_that_cannot_be_used_are_refused():
    with pytest.raises(DataError, match="has no column 'h'"):
        split_by_group(grouped([1, 2, 3]), 0.5, 0, "h")
    with pytest.raises(DataError, match="the group 'g' is missing in row 2"):
        split_by_group(grouped(["a", None, "b"]), 0.5, 0, "g")
    with pytest.raises(DataError, match="--group names the target 'g'"):
        split_by_group(grouped([1, 2, 3], target="g"), 0.5, 0, "g")


@given(st.integers(2, 50), fractions)
def test_the_last_rows_are_held_out_in_order(rows, fraction):
    table = table_of(np.zeros(rows))
    held_out = round(rows * fraction)
    if held_out in (0, rows):
        with pytest.raises(DataError, match="leaves none to"):
            split_last(table, fraction)
        return
    training, validation = split_last(table, fraction)
    assert rows_of(training) == list(range(rows - held_out))
    assert rows_of(validation) == list(range(rows - held_out, rows))
