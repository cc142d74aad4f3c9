"""Mini-batches, as the hooks of a run see them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk

ROWS = 20


class Watching:
    """A plugin that notes which rows are in each batch.

    Row i of X is the i-th unit vector, so only rows in the batch have a data gradient.
    """

    def __init__(self, model):
        self.model = model
        self.batches = []

    @rk.hookimpl
    def penalty(self, layer):
        return 0.0

    @rk.hookimpl
    def penalty_grad(self, layer):
        # Penalties come after the backward pass: this is the data loss's gradient.
        self.batches.append(np.flatnonzero(self.model.gradients[:-1]))


def watched(batch_size, epochs=3, seed=0):
    """The rows of each batch of a run."""
    model = rk.Model([rk.Dense(ROWS, 1)], rk.MeanSquaredError(), dtype="float64")
    watching = Watching(model)
    rk.train(
        model,
        np.eye(ROWS),
        np.arange(ROWS) + 100.0,
        optimizer=rk.SGD(1e-3),
        regularizers=[watching],
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
    )
    return watching.batches


@pytest.mark.parametrize(
    ("batch_size", "sizes"),
    [(1, [1] * 20), (8, [8, 8, 4]), (10, [10, 10]), (19, [19, 1]), (20, [20])],
)
def test_every_row_is_seen_once_an_epoch_and_the_last_batch_may_be_smaller(batch_size, sizes):
    batches = watched(batch_size, epochs=3)
    assert [len(rows) for rows in batches] == 3 * sizes
    for epoch in range(3):
        of_epoch = batches[epoch * len(sizes) : (epoch + 1) * len(sizes)]
        assert sorted(np.concatenate(of_epoch)) == list(range(ROWS))


def test_without_a_batch_size_an_epoch_is_one_step_over_all_rows():
    assert [list(rows) for rows in watched(None, epochs=2)] == 2 * [list(range(ROWS))]


def test_rows_are_shuffled_anew_each_epoch_as_the_seed_decides():
    def order(seed):
        return [tuple(rows) for rows in watched(5, epochs=2, seed=seed)]

    assert set(order(0)[:4]) != set(order(0)[4:])
    assert order(0) == order(0)
    assert order(0) != order(1)


def test_the_seed_decides_the_whole_run():
    X, y = rk.datasets.spiral(samples=30, classes=3)

    def parameters(seed):
        model = rk.Model(
            [rk.Dense(2, 8), rk.Dropout(0.2), rk.Dense(8, 3)], rk.SoftmaxCrossEntropy()
        )
        rk.train(model, X, y, optimizer=rk.Adam(0.01), epochs=3, batch_size=16, seed=seed)
        return model.parameters

    assert np.array_equal(parameters(3), parameters(3))
    assert not np.array_equal(parameters(3), parameters(4))


def test_a_record_is_the_mean_over_the_epochs_rows():
    """At a rate too small to change anything, that is the loss and the score of all rows."""
    X, y = rk.datasets.spiral(samples=21, classes=3)
    for loss, targets in (
        (rk.SoftmaxCrossEntropy, y),
        (rk.BinaryCrossEntropy, np.eye(3)[y]),
        (rk.MeanSquaredError, np.eye(3)[y] + X[:, :1]),
    ):
        model = rk.Model([rk.Dense(2, 3)], loss(), dtype="float64")
        model.parameters[...] = np.random.default_rng(0).standard_normal(model.parameters.size)
        whole = model.evaluate(X, targets)
        (record,) = rk.train(model, X, targets, optimizer=rk.SGD(1e-300), epochs=1, batch_size=16)
        assert record.data_loss == pytest.approx(whole.data_loss, rel=1e-12)
        assert record.score.name == whole.score.name
        assert record.score.value == pytest.approx(whole.score.value, rel=1e-12)


def test_a_record_adds_up_batches_as_they_were_and_penalties_as_they_are():
    X, y = np.eye(4), np.array([4.0, 3.0, 2.0, 1.0])
    model = rk.Model([rk.Dense(4, 1)], rk.MeanSquaredError(), dtype="float64")
    model.parameters[...] = 0.0
    watching = Watching(model)
    run = rk.training.steps(
        model,
        X,
        y,
        optimizer=rk.SGD(0.5),
        regularizers=[watching, "l2=0.25"],
        epochs=1,
        batch_size=3,
    )
    record = next(run)
    first, last = watching.batches
    w, b = np.zeros(4), 0.0
    losses = np.square(y[first])
    # One step of SGD on the first batch; the penalty's gradient is 0 where w is 0.
    w[first] += 0.5 * 2 * y[first] / 3
    b += 0.5 * 2 * y[first].mean()
    errors = w[last] + b - y[last]
    assert record.data_loss == pytest.approx((losses.sum() + np.square(errors).sum()) / 4)
    assert record.penalties["l2"] == pytest.approx(0.25 * np.square(w).sum())
    assert_allclose(model.layers[0].weights[:, 0], w)


@pytest.mark.parametrize("batch_size", [0, -1, 21, 2.5, "8"])
def test_batch_sizes_that_do_not_fit_the_data_are_refused(batch_size):
    with pytest.raises(
        rk.errors.InputError, match=r"batch_size must be an integer (from 1 to 20|at least 1)"
    ):
        watched(batch_size)
