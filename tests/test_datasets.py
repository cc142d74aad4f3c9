"""The book's data sets: nnfs's own arrays, and nobody's random state changed."""

import subprocess
import sys

import numpy as np
import pytest
from nnfs.datasets import sine_data, spiral_data, vertical_data
from numpy.testing import assert_allclose

import regkit as rk


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(rk.datasets.spiral, spiral_data), (rk.datasets.vertical, vertical_data)],
)
@pytest.mark.parametrize(
    ("samples", "classes", "seed"), [(1, 1, 0), (7, 3, 0), (100, 4, 2**32 - 1)]
)
def test_arrays_are_those_that_seeding_numpy_would_give(ours, theirs, samples, classes, seed):
    before = np.random.get_state()
    np.random.seed(seed)
    X, y = theirs(samples, classes)
    np.random.set_state(before)
    drawn = ours(samples, classes, seed)
    assert np.array_equal(drawn[0], X)
    assert np.array_equal(drawn[1], y)
    assert drawn[0].shape == (samples * classes, 2)


@pytest.mark.parametrize("draw", [rk.datasets.spiral, rk.datasets.vertical])
def test_numpys_global_generator_stays_as_it_was(draw):
    before = np.random.get_state()
    draw(samples=10, classes=3, seed=5)
    after = np.random.get_state()
    assert before[0] == after[0]
    assert np.array_equal(before[1], after[1])
    assert before[2:] == after[2:]


def test_the_generator_is_put_back_after_a_failure(monkeypatch):
    monkeypatch.setattr("nnfs.datasets.spiral_data", lambda samples, classes: np.random.rand() / 0)
    state = np.random.get_state()
    with pytest.raises(ZeroDivisionError):
        rk.datasets.spiral(10, 3)
    assert np.array_equal(np.random.get_state()[1], state[1])


def test_sine_is_one_period():
    X, y = rk.datasets.sine(50)
    assert np.array_equal(X, sine_data(50)[0])
    assert X.shape == y.shape == (50, 1)
    assert_allclose(y, np.sin(2 * np.pi * np.linspace(0, 1, 50, endpoint=False))[:, np.newaxis])


@pytest.mark.parametrize("draw", [rk.datasets.spiral, rk.datasets.vertical])
@pytest.mark.parametrize(
    "arguments",
    [
        {"samples": 0, "classes": 3},
        {"samples": 2.5, "classes": 3},
        {"samples": 1, "classes": 0},
        {"samples": 1, "classes": 257},
        {"samples": 1, "classes": 2, "seed": -1},
        {"samples": 1, "classes": 2, "seed": 2**32},
        {"samples": 1, "classes": 2, "seed": None},
    ],
)
def test_arguments_out_of_range_are_refused(draw, arguments):
    with pytest.raises(rk.errors.InputError, match="must be an integer"):
        draw(**arguments)


def test_256_classes_have_labels_of_their_own():
    _, y = rk.datasets.vertical(samples=1, classes=256)
    assert sorted(y) == list(range(256))


AFTER_INIT = """
import numpy as np
import regkit as rk

X, y = rk.datasets.spiral(samples=20, classes=3, seed=3)
rows, labels = np.asarray(X), np.asarray(y)

def parameters():
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    rk.train(model, rows, labels, optimizer=rk.Adam(0.05), regularizers=["l1=1e-3", "l2=1e-2"],
             epochs=20)
    return model.parameters

dot = np.dot
before = parameters()
assert np.dot is dot, "regkit called nnfs.init()"

import nnfs
nnfs.init()
assert np.dot is not dot
state = np.random.get_state()[1].copy()
X_after, y_after = rk.datasets.spiral(samples=20, classes=3, seed=3)
assert np.array_equal(np.random.get_state()[1], state)
assert np.array_equal(y_after, y)
assert np.allclose(X_after, X, rtol=0, atol=1e-6)
assert np.array_equal(parameters(), before)
"""


def test_everything_works_after_somebody_called_nnfs_init():
    """In a process of its own, since `nnfs.init()` rebinds NumPy's functions for good."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", AFTER_INIT],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
