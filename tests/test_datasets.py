"""The book's data sets, held against nnfs; NumPy's global generator plays no part."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from nnfs.datasets import sine_data, spiral_data, vertical_data
from numpy.testing import assert_allclose

from regkit.datasets import sine, spiral, vertical
from regkit.errors import InputError

DRAWS = [(spiral, spiral_data), (vertical, vertical_data)]
LARGEST_SEED = 2**32 - 1


def same(ours, theirs):
    """Whether two data sets are equal to the bit, of the same types and shapes."""
    return all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        for a, b in zip(ours, theirs, strict=True)
    )


@pytest.fixture
def global_generator():
    """NumPy's global generator, put back afterwards."""
    before = np.random.get_state()
    yield np.random
    np.random.set_state(before)


@pytest.mark.parametrize(("ours", "theirs"), DRAWS)
@pytest.mark.parametrize("seed", [0, 1, 12345, LARGEST_SEED])
@pytest.mark.parametrize(("samples", "classes"), [(1, 1), (2, 256), (7, 3), (100, 4), (1001, 2)])
def test_arrays_are_those_of_nnfs_bit_for_bit(
    ours, theirs, samples, classes, seed, global_generator
):
    global_generator.seed(seed)
    expected = theirs(samples, classes)
    X, y = drawn = ours(samples, classes, seed)
    assert same(drawn, expected)
    assert (X.dtype, y.dtype) == (np.float64, np.uint8)
    assert X.shape == (samples * classes, 2)


@pytest.mark.parametrize(("ours", "theirs"), DRAWS)
@pytest.mark.parametrize("seed", [(0, 1), (7, 1), (LARGEST_SEED, LARGEST_SEED)])
def test_a_pair_of_seeds_draws_as_a_generator_seeded_with_both(
    ours, theirs, seed, global_generator
):
    global_generator.set_state(np.random.RandomState(list(seed)).get_state())
    assert same(ours(20, 3, seed), theirs(20, 3))


@pytest.mark.parametrize(("draw", "_"), DRAWS)
def test_a_pair_of_seeds_draws_what_no_single_seed_draws(draw, _):
    singles = {draw(5, 2, seed)[0].tobytes() for seed in range(1000)}
    pairs = {draw(5, 2, (seed, second))[0].tobytes() for seed in range(500) for second in (0, 1)}
    assert len(singles) == len(pairs) == 1000
    assert not singles & pairs


@pytest.mark.parametrize(("draw", "_"), DRAWS)
@pytest.mark.parametrize("seed", [5, (5, 1)])
def test_numpys_global_generator_is_neither_read_nor_written(draw, _, seed, global_generator):
    global_generator.seed(1)
    once = draw(10, 3, seed)
    after_a_draw = global_generator.random_sample(9)
    again = draw(10, 3, seed)
    global_generator.seed(1)
    assert np.array_equal(after_a_draw, global_generator.random_sample(9))
    assert same(once, again)


def test_four_threads_draw_what_one_thread_draws():
    jobs = [(draw, seed) for seed in range(100) for draw in (spiral, vertical)]

    def run(job):
        draw, seed = job
        return draw(50, 20, seed)

    expected = list(map(run, jobs))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # Threads take turns within a call, not only between calls.
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(run, jobs))
    finally:
        sys.setswitchinterval(interval)
    assert all(map(same, found, expected))


def test_sine_is_one_period():
    X, y = sine(50)
    assert same((X, y), sine_data(50))
    assert X.shape == y.shape == (50, 1)
    assert_allclose(y, np.sin(2 * np.pi * np.linspace(0, 1, 50, endpoint=False))[:, np.newaxis])


@pytest.mark.parametrize(("draw", "_"), DRAWS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": 0}, "samples must be an integer at least 1, got 0"),
        ({"samples": 2.5}, "samples must be an integer at least 1, got 2.5"),
        ({"classes": 0}, "classes must be an integer from 1 to 256, got 0"),
        ({"classes": 257}, "classes must be an integer from 1 to 256, got 257"),
        ({"seed": -1}, "seed must be an integer from 0 to 4294967295, got -1"),
        ({"seed": 2**32}, "seed must be an integer from 0 to 4294967295, got 4294967296"),
        ({"seed": None}, "seed must be an integer from 0 to 4294967295, got None"),
        ({"seed": True}, "seed must be an integer from 0 to 4294967295, got True"),
        ({"seed": (0, 2**32)}, "seed must be an integer from 0 to 4294967295, got 4294967296"),
        ({"seed": (0.5, 1)}, "seed must be an integer from 0 to 4294967295, got 0.5"),
        ({"seed": (1, 2, 3)}, r"seed must be .* or a tuple of two integers, got \(1, 2, 3\)"),
        ({"seed": ()}, r"seed must be .* or a tuple of two integers, got \(\)"),
    ],
)
def test_arguments_out_of_range_are_refused(draw, _, arguments, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        draw(**{"samples": 1, "classes": 2} | arguments)


@pytest.mark.parametrize("samples", [0, -1, 1.0, "3"])
def test_samples_of_a_sine_must_be_a_positive_integer(samples):
    with pytest.raises(InputError, match="samples must be an integer at least 1"):
        sine(samples)


def test_256_classes_have_labels_of_their_own():
    _, y = vertical(samples=1, classes=256)
    assert y.tolist() == list(range(256))


DATA_AFTER_INIT = """
import numpy as np
import nnfs
from regkit.datasets import sine, spiral, vertical

def drawn():
    sets = spiral(20, 3, 3), vertical(20, 3, 3), spiral(20, 3, (3, 1)), sine(20)
    return [(array.dtype, array.shape, array.tobytes()) for one in sets for array in one]

dot = np.dot
before = drawn()
assert np.dot is dot, "regkit called nnfs.init()"
nnfs.init()
assert np.dot is not dot
state = np.random.get_state()[1].copy()
assert drawn() == before
assert np.array_equal(np.random.get_state()[1], state)
"""

TRAINING_AFTER_INIT = """
import numpy as np
import nnfs
import regkit as rk

def parameters():
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    X, y = rk.datasets.spiral(samples=20, classes=3, seed=3)
    rk.train(model, X, y, optimizer=rk.Adam(0.05), regularizers=["l1=1e-3", "l2=1e-2"], epochs=20)
    return model.parameters

dot = np.dot
before = parameters()
assert np.dot is dot, "regkit called nnfs.init()"
nnfs.init()
assert np.dot is not dot
assert np.array_equal(parameters(), before)
"""


@pytest.mark.parametrize(
    "program", [DATA_AFTER_INIT, TRAINING_AFTER_INIT], ids=["data", "training"]
)
def test_nothing_changes_after_somebody_called_nnfs_init(program):
    """In a process of its own, since `nnfs.init()` replaces NumPy's functions for good."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
