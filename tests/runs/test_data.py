"""Which rows a run trains on and is validated on: by seeds of their own.

Covers: regkit/runs/synthetic_data.py, regkit/runs/prepared.py
"""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.data import run_data

SMALL = {"samples": 40, "val_samples": 30}


def arrays(**settings):
    data = run_data(Config(**SMALL | settings))
    return [*data.training, *data.held_out["validation"]]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("data", ["spiral", "vertical"])
def test_a_synthetic_validation_set_is_the_draw_of_a_pair_of_seeds(data):
    draw = getattr(rk.datasets, data)
    X, y, X_val, y_val = arrays(data=data, seed=3)
    assert same([X, y], draw(40, 3, seed=3))
    assert same([X_val, y_val], draw(30, 3, seed=(3, 1)))


@pytest.mark.parametrize("data", ["spiral", "vertical"])
def test_no_training_set_holds_a_number_of_a_validation_set(data):
    validated = set(arrays(data=data, seed=3)[2].ravel())
    trained = {number for seed in range(40) for number in arrays(data=data, seed=seed)[0].ravel()}
    # A spiral's arms begin at the origin.
    assert validated & trained <= {0.0}


def test_a_sine_is_trained_on_the_books_rows_and_validated_on_others():
    X, y, X_val, y_val = arrays(data="sine", seed=3)
    assert same([X, y.reshape(-1, 1)], rk.datasets.sine(40))
    assert same([X_val, y_val.reshape(-1, 1)], rk.datasets.sine(30, seed=(3, 1)))
    np.testing.assert_allclose(y_val, np.sin(2 * np.pi * X_val[:, 0]))
    assert ((X_val >= 0) & (X_val < 1)).all()
    assert not set(X.ravel()) & set(X_val.ravel())


def test_the_seed_of_the_data_is_that_of_everything_unless_it_is_given():
    assert same(arrays(seed=5), arrays(seed=2, data_seed=5))
    assert not same(arrays(seed=5), arrays(seed=2))
    assert same(arrays(seed=1, data_seed=5), arrays(seed=2, data_seed=5))


def test_a_data_seed_of_0_is_one_that_was_given():
    assert same(arrays(seed=4, data_seed=0), arrays(seed=0))


def test_the_seed_of_the_split_is_that_of_everything_unless_it_is_given():
    def split(**settings):
        data = run_data(Config(data="sklearn:iris", **settings))
        return data.held_out["validation"]

    assert same(split(seed=5), split(seed=2, split_seed=5))
    assert not same(split(seed=5), split(seed=2))
    assert same(split(seed=1, split_seed=0), split(seed=0))


@pytest.mark.parametrize(("data", "rows"), [("spiral", 60), ("vertical", 60), ("sine", 20)])
def test_the_validation_set_has_the_size_that_was_asked_for(data, rows):
    X, y = run_data(Config(data=data, val_samples=20)).held_out["validation"]
    assert len(X) == len(y) == rows


def test_without_validation_samples_there_is_none():
    assert run_data(Config(samples=5, val_samples=0)).held_out == {}
    with pytest.raises(InputError, match="val_samples must be an integer at least 0, got -1"):
        run_data(Config(samples=5, val_samples=-1))


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"data": "sklearn:iris", "data_seed": 1}, "--data-seed applies to spiral, vertical and"),
        ({"data": "sklearn:iris", "val_samples": 5}, "--val-samples applies to spiral, vertical"),
        ({"data": "spiral", "split_seed": 1}, "--split-seed applies to a table, not to spiral"),
    ],
)
def test_a_seed_that_nothing_is_drawn_with_is_refused(settings, complaint):
    with pytest.raises(InputError, match=complaint):
        run_data(Config(**settings))
