"""Networks that train under a constraint: it holds before the first step and after the last."""

import dataclasses

import numpy as np
import pytest
from regkit_constraints import Box, MaxNorm, NonNegative, Simplex, UnitNorm

import regkit

X, Y = regkit.datasets.spiral(samples=40, classes=3, seed=0)

HOLDS = {
    MaxNorm(radius=0.5): lambda w: np.linalg.norm(w, axis=0).max() <= 0.5 * (1 + 1e-6),
    UnitNorm(): lambda w: np.allclose(np.linalg.norm(w, axis=0), 1, rtol=0, atol=1e-6),
    Simplex(): lambda w: w.min() >= 0 and np.allclose(w.sum(axis=0), 1, rtol=0, atol=1e-6),
    NonNegative(): lambda w: w.min() >= 0,
    Box(low=-0.1, high=0.2): lambda w: w.min() >= -0.1 - 1e-6 and w.max() <= 0.2 + 1e-6,
}


def model(dtype="float64"):
    layers = [regkit.Dense(2, 8), regkit.ReLU(), regkit.Dense(8, 3)]
    return regkit.Model(layers, loss=regkit.SoftmaxCrossEntropy(), seed=0, dtype=dtype)


@pytest.mark.parametrize("constraint", HOLDS, ids=str)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("batch_size", [None, 32])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_holds_after_training(constraint, optimizer, batch_size, dtype):
    net = model(dtype)
    start = net.layers[0].weights.copy()
    history = regkit.train(
        net,
        X,
        Y,
        optimizer=regkit.Adam(0.05) if optimizer == "adam" else regkit.SGD(0.5, momentum=0.9),
        regularizers=[constraint],
        epochs=20,
        batch_size=batch_size,
    )
    for layer in (net.layers[0], net.layers[2]):
        assert HOLDS[constraint](layer.weights)
        assert layer.weights.dtype == dtype
    assert not np.array_equal(net.layers[0].weights, start)
    assert history[-1].data_loss < history[0].data_loss
    assert {value for record in history for value in record.penalties.values()} == {0.0}


@pytest.mark.parametrize("constraint", HOLDS, ids=str)
def test_parameters_are_projected_before_the_first_step(constraint):
    """The first record is measured before any step."""
    net, by_hand = model(), model()
    net.layers[0].weights[...] *= 300
    by_hand.layers[0].weights[...] = constraint.projection(net.layers[0].weights)
    on_first = dataclasses.replace(constraint, on="dense1.weights")
    losses = [
        regkit.train(one, X, Y, optimizer=regkit.SGD(0.1), regularizers=given, epochs=1)[0].loss
        for one, given in ((net, [on_first]), (by_hand, []))
    ]
    assert losses[0] == losses[1]
    assert HOLDS[constraint](net.layers[0].weights)
