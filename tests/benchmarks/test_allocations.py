"""A step allocates nothing large: what guards the speed, without a clock."""

import tracemalloc

import numpy as np
import pytest

import regkit as rk

LARGEST = 64 * 1024
SMALL_OBJECTS = 24 * 1024
"""What may be alive beside one scratch array: a mask of a piece (16 KiB), views, scalars."""

EPOCHS = 4


class Watched(rk.Adam):
    """Adam, which notes by how much memory rose at most from one step's end to the next's."""

    def __init__(self):
        super().__init__(0.01)
        self.rises = []
        self._before = 0

    def step(self, *arguments):
        super().step(*arguments)
        now, peak = tracemalloc.get_traced_memory()
        self.rises.append(peak - self._before)
        tracemalloc.reset_peak()
        self._before = now


@pytest.fixture
def traced():
    tracemalloc.start()
    yield
    tracemalloc.stop()


def chapter_job():
    """The chapter's network on its 3000 rows, all in each step."""
    X, y = rk.datasets.spiral(samples=1000, classes=3, seed=0)
    return [rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3)], X, y, None


def wide_job():
    """784-512-512-10 in batches of 128."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((512, 784), dtype=np.float32), rng.integers(0, 10, 512)
    wide = [rk.Dense(784, 512), rk.ReLU(), rk.Dense(512, 512), rk.ReLU(), rk.Dense(512, 10)]
    return wide, X, y, 128


def rises(job, regularizers, kernels="numpy"):
    layers, X, y, batch_size = job()
    optimizer = Watched()
    rk.train(
        rk.Model(layers, loss=rk.SoftmaxCrossEntropy()),
        X,
        y,
        optimizer=optimizer,
        regularizers=regularizers,
        epochs=EPOCHS,
        batch_size=batch_size,
        log_every=1000,
        kernels=kernels,
    )
    # The first epoch warms up; the first and the last have a record.
    steps_an_epoch = len(optimizer.rises) // EPOCHS
    return optimizer.rises[steps_an_epoch:-steps_an_epoch]


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
@pytest.mark.parametrize("job", [chapter_job, wide_job])
@pytest.mark.parametrize(
    "spec", ["l1=1e-4", "l1=1e-4,at_zero=0.0", "l2=1e-4", "elastic_net=1e-4", "l2=1e-4@*"]
)
def test_with_built_in_regularizers_a_step_allocates_no_large_array(traced, job, spec, kernels):
    measured = rises(job, [spec], kernels)
    assert measured
    assert max(measured) < LARGEST + SMALL_OBJECTS


PROX = ["l1=1e-6", "elastic_net=1e-6"]
GROUPS = ["group_lasso=1e-6", "group_lasso=1e-6,groups=outgoing", "sparse_group_lasso=1e-6"]


@pytest.mark.filterwarnings("ignore:.*set the whole network to 0:regkit.errors.RegkitWarning")
@pytest.mark.parametrize("job", [chapter_job, wide_job])
@pytest.mark.parametrize(
    ("spec", "kernels"),
    [(spec, kernels) for kernels in ("numpy", "compiled") for spec in PROX]
    + [(spec, "compiled") for spec in GROUPS],
)
def test_nor_does_a_step_with_proximal_points_that_kernels_compute(traced, job, spec, kernels):
    # A point is taken after the optimizer's step: the first, for which a kernel is loaded, is seen
    # with the second step.
    measured = rises(job, [f"{spec},mode=prox"], kernels)[1:]
    assert measured
    assert max(measured) < LARGEST + SMALL_OBJECTS


def test_the_measure_sees_an_array_as_large_as_a_layer(traced):
    """A plugin that returns whole arrays, as it may, is what the built-ins must not be like."""

    class Whole(rk.Regularizer):
        def value(self, w):
            return float(np.sum(w**2))

        def grad(self, w):
            return 2 * w

    largest_layer = 784 * 512 * 4
    assert min(rises(wide_job, [Whole(1e-4)])) > largest_layer
