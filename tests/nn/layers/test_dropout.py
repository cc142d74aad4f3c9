"""Dropout: inverted scaling in training, nothing outside it, and always from the run's seed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk

ROWS = 400


def outputs_in_training(rate, seed, epochs=1):
    """What leaves a dropout layer for ones going in, in each epoch: (epochs, ROWS, 5).

    Each row is the only one to use its own row of the next layer's weights, so their gradient
    shows the outputs: error = 1 everywhere.
    """
    model = rk.Model([rk.Dense(ROWS, 5), rk.Dropout(rate), rk.Dense(5, 1)], rk.MeanSquaredError())
    model.parameters[...] = 0.0
    model.layers[2].params["weights"][...] = 1.0
    X, y = np.eye(ROWS), np.full(ROWS, -ROWS / 2)
    run = rk.training.steps(model, X, y, optimizer=rk.SGD(1e-30), epochs=epochs, seed=seed)
    return np.array([model.layers[0].dweights.copy() for _ in run])


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_kept_outputs_are_divided_by_the_share_that_is_kept(rate):
    outputs = outputs_in_training(rate, seed=0, epochs=5)
    kept = outputs != 0
    assert_allclose(outputs[kept], 1 / (1 - rate), rtol=1e-5)
    # 10,000 draws: three standard deviations of the share are at most 0.015.
    assert kept.mean() == pytest.approx(1 - rate, abs=0.02)


def test_each_epoch_drops_others_and_the_seed_decides_which():
    first = outputs_in_training(0.5, seed=1, epochs=2)
    assert not np.array_equal(first[0], first[1])
    assert np.array_equal(first, outputs_in_training(0.5, seed=1, epochs=2))
    assert not np.array_equal(first, outputs_in_training(0.5, seed=2, epochs=2))


def test_a_rate_of_0_drops_nothing():
    assert (outputs_in_training(0.0, seed=0) == 1).all()


def test_outside_training_nothing_is_dropped():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((50, 3)), rng.standard_normal(50)
    with_dropout = rk.Model(
        [rk.Dense(3, 6), rk.Dropout(0.5), rk.Dense(6, 1)], rk.MeanSquaredError(), seed=4
    )
    without = rk.Model([rk.Dense(3, 6), rk.Dense(6, 1)], rk.MeanSquaredError(), seed=4)
    assert np.array_equal(with_dropout.predict(X), without.predict(X))
    assert with_dropout.evaluate(X, y) == without.evaluate(X, y)
    assert rk.train(with_dropout, X, y, optimizer=rk.SGD(0.1), epochs=1, validation=(X, y))[
        0
    ].validation == without.evaluate(X, y)


@pytest.mark.parametrize("rate", [1.0, -0.1, 1.5, float("nan"), "half", None])
def test_rates_out_of_range_are_refused(rate):
    with pytest.raises(rk.errors.InputError, match="rate must be finite and at least 0 and"):
        rk.Dropout(rate)


def test_gradients_outside_training_pass_through():
    X = np.random.default_rng(0).normal(size=(6, 2))
    y = np.arange(6) % 3
    grads = []
    for middle in ([], [rk.Dropout(0.5)]):
        layers = [rk.Dense(2, 4), rk.ReLU(), *middle, rk.Dense(4, 3)]
        model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=0, dtype="float64")
        model.forward(X)
        model.backward(y)
        grads.append(model.gradients.copy())
    np.testing.assert_array_equal(*grads)
