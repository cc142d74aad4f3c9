"""A small network of two hidden layers, and the same trained by a plain loop with autograd.

The network is regkit's; the loss that the loop differentiates is the caller's own.
"""

import numpy as np
from autograd import grad
from numpy.testing import assert_allclose

import regkit as rk

ROWS = 12
SEED, EPOCHS, BATCH_SIZE, LR = 3, 4, 5, 0.05


def table():
    rng = np.random.default_rng(5)
    return rng.standard_normal((ROWS, 4)), rng.integers(0, 3, ROWS)


def network(*activations):
    """4-6-5-3 neurons in float64, with two activations."""
    first, second = activations
    model = rk.Model(
        [rk.Dense(4, 6), first, rk.Dense(6, 5), second, rk.Dense(5, 3)],
        loss=rk.SoftmaxCrossEntropy(),
        dtype="float64",
    )
    model.parameters[...] = 0.7 * np.random.default_rng(2).standard_normal(model.parameters.size)
    return model


def parameters(model):
    """(weights, biases) of each dense layer."""
    return [(dense.weights.copy(), dense.biases.copy()) for dense in model.layers[::2]]


def first_step(model, X, y, specs, **settings):
    """The first record, and the gradients that its update will use."""
    run = rk.training.steps(
        model, X, y, optimizer=rk.SGD(1e-300), regularizers=specs, epochs=1, **settings
    )
    record = next(run)
    gradients = [(dense.dweights.copy(), dense.dbiases.copy()) for dense in model.layers[::2]]
    run.close()
    return record, gradients


def rows_of_the_last_batch(batch_size):
    """Those of the first epoch of `first_step`."""
    shuffling = np.random.default_rng(np.random.SeedSequence(0).spawn(2)[0])
    return shuffling.permutation(ROWS)[batch_size:]


def trained(model, X, y, specs):
    """The parameters after mini-batches of SGD in regkit."""
    settings = {"epochs": EPOCHS, "batch_size": BATCH_SIZE, "seed": SEED}
    rk.train(model, X, y, optimizer=rk.SGD(LR), regularizers=specs, **settings)
    return parameters(model)


def trained_by_a_loop(loss, params, X, y):
    """The parameters after the same steps with the gradients of `loss(params, X, y)`."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED).spawn(2)[0])
    for _ in range(EPOCHS):
        order = rng.permutation(ROWS)
        for start in range(0, ROWS, BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            gradients = grad(loss)(params, X[rows], y[rows])
            params = [
                tuple(w - LR * g for w, g in zip(layer, of_layer, strict=True))
                for layer, of_layer in zip(params, gradients, strict=True)
            ]
    return params


def assert_equal(ours, theirs):
    for layer, reference in zip(ours, theirs, strict=True):
        for array, expected in zip(layer, reference, strict=True):
            assert_allclose(array, expected, rtol=1e-9, atol=1e-13)
