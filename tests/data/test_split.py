"""Keeping rows back, held against scikit-learn's train_test_split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from regkit.data import read_table, split
from regkit.errors import InputError

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
