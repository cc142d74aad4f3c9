"""Which rows early stopping holds out, and which weights they have."""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.sklearn import RegularizedMLPRegressor
from regkit.sklearn.held_out import split
from regkit.sklearn.rows import Rows

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))
Y = np.repeat([0, 1, 2], [150, 40, 10])


def as_sets(parts):
    return [set(map(tuple, np.column_stack([part.X, part.y]).tolist())) for part in parts]


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5])
def test_each_class_gives_its_share(fraction):
    kept, held_out = split(Rows(X, Y), fraction, 0, stratify=True)
    assert len(held_out) == fraction * len(X)
    assert len(kept) + len(held_out) == len(X)
    for label, size in enumerate([150, 40, 10]):
        assert abs(np.sum(held_out.y == label) - fraction * size) <= 1


def test_the_order_of_the_rows_does_not_matter_and_the_seed_does():
    order = RNG.permutation(len(X))
    whole = as_sets(split(Rows(X, Y), 0.2, 0, stratify=True))
    assert as_sets(split(Rows(X[order], Y[order]), 0.2, 0, stratify=True)) == whole
    assert as_sets(split(Rows(X, Y), 0.2, 1, stratify=True)) != whole


def test_equal_rows_stay_on_one_side():
    repeated = np.repeat(np.arange(len(X)), RNG.integers(1, 4, len(X)))
    kept, held_out = as_sets(split(Rows(X[repeated], Y[repeated]), 0.2, 0, stratify=False))
    assert not kept & held_out
    assert [kept, held_out] == as_sets(split(Rows(X, Y), 0.2, 0, stratify=False))
    # Zeros of either sign are equal.
    zeros = np.array([[0.0], [-0.0], [1.0], [1.0]])
    kept, held_out = split(Rows(zeros, np.zeros(4)), 0.5, 0, stratify=False)
    assert len(kept) == len(held_out) == 2


@pytest.mark.parametrize("fraction", [0.01, 0.99])
def test_one_distinct_row_of_each_class_stays_and_one_row_is_held_out(fraction):
    few, labels = X[:5], np.array([0, 0, 0, 1, 2])
    kept, held_out = split(Rows(few, labels), fraction, 0, stratify=True)
    assert set(kept.y) == {0, 1, 2}
    assert 1 <= len(held_out) <= 2


def test_weights_go_with_their_rows():
    weights = X[:, 0] ** 2
    for part in split(Rows(X, Y, weights), 0.2, 0, stratify=True):
        np.testing.assert_array_equal(part.weights, part.X[:, 0] ** 2)


def test_without_a_row_to_hold_out_the_error_says_so():
    with pytest.raises(InputError, match=r"one distinct row of each class .*early_stopping=False"):
        split(Rows(X[:3], np.arange(3)), 0.5, 0, stratify=True)
    with pytest.raises(InputError, match=r"one distinct row stays .*\(n_samples = 4\)"):
        split(Rows(np.ones((4, 2)), np.ones(4)), 0.5, 0, stratify=False)


def test_held_out_rows_count_by_their_weights():
    y, weights = X[:, 0] + RNG.normal(size=len(X)), RNG.uniform(0.1, 5, len(X))
    model = RegularizedMLPRegressor(
        (), epochs=1, early_stopping=True, validation_fraction=0.2, random_state=0
    ).fit(X, y, sample_weight=weights)
    _, held_out = split(Rows(X, y, weights), 0.2, 0, stratify=False)
    first = rk.Model([rk.Dense(3, 1, init="glorot")], rk.MeanSquaredError(), dtype="float64")
    errors = (first.predict(held_out.X) - held_out.y) ** 2
    (record,) = model.history_
    assert record.validation.data_loss == pytest.approx(
        np.average(errors, weights=held_out.weights), rel=1e-12
    )
