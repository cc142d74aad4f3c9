"""Penalties of the whole network in training, against autograd.

The penalties are those of the plugin regkit-network, found by their entry points.
"""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from numpy.testing import assert_allclose
from oracles import autodiff

import regkit as rk

LAYERS = ["dense", "relu", "dense", "tanh", "dense"]
ROWS = 12


def path_norm(p, power):
    """The sum over all paths, path by path."""
    (first, _), (second, _), (third, _) = p
    paths = first[:, :, None, None] * second[None, :, :, None] * third[None, None, :, :]
    return anp.sum(anp.abs(paths) ** power)


def neuron_groups(p, *, biases=True, layers=(0, 1, 2)):
    total = 0.0
    for index in layers[:-1]:
        weights, bias = p[index]
        after, _ = p[index + 1]
        squares = anp.sum(weights**2, axis=0) + anp.sum(after**2, axis=1)
        squares = squares + bias[0] ** 2 if biases else squares
        size = weights.shape[0] + biases + after.shape[1]
        total = total + anp.sqrt(float(size)) * anp.sum(anp.sqrt(squares))
    return total


# Each list of specs beside the same penalty in autograd's words; p are the (weights, biases).
PENALTIES = {
    "path norm": (["path_norm=0.02"], lambda p: 0.02 * path_norm(p, 2)),
    "path norm of sizes": (["path_norm=0.03,p=1@*"], lambda p: 0.03 * path_norm(p, 1)),
    "path norm of two layers": (
        ["path_norm=0.1@dense2+dense3"],
        lambda p: 0.1 * anp.sum(anp.dot(p[1][0] ** 2, p[2][0] ** 2)),
    ),
    "neuron groups": (["neuron_groups=0.2@*"], lambda p: 0.2 * neuron_groups(p)),
    "neuron groups without biases": (
        ["neuron_groups=0.2"],
        lambda p: 0.2 * neuron_groups(p, biases=False),
    ),
    "neuron groups of two layers": (
        ["neuron_groups=0.2@dense1+dense2.weights"],
        lambda p: 0.2 * neuron_groups(p, layers=(0, 1)),
    ),
    "scaled": (
        ["path_norm=0.5,scale=size"],
        lambda p: 0.5 * path_norm(p, 2) / sum(weights.size for weights, _ in p),
    ),
    "beside others": (
        ["l2=0.1", "path_norm=0.02", "neuron_groups=0.3@*"],
        lambda p: (
            0.1 * sum(autodiff.l2(weights) for weights, _ in p)
            + 0.02 * path_norm(p, 2)
            + 0.3 * neuron_groups(p)
        ),
    ),
}

penalties = pytest.mark.parametrize(("specs", "penalty"), PENALTIES.values(), ids=PENALTIES.keys())


def table():
    rng = np.random.default_rng(5)
    return rng.standard_normal((ROWS, 4)), rng.integers(0, 3, ROWS)


def network():
    model = rk.Model(
        [rk.Dense(4, 6), rk.ReLU(), rk.Dense(6, 5), rk.Tanh(), rk.Dense(5, 3)],
        loss=rk.SoftmaxCrossEntropy(),
        dtype="float64",
    )
    model.parameters[...] = 0.7 * np.random.default_rng(2).standard_normal(model.parameters.size)
    return model


def parameters(model):
    return [(dense.weights.copy(), dense.biases.copy()) for dense in model.layers[::2]]


def whole_loss(params, X, y, penalty):
    data_loss = autodiff.softmax_cross_entropy(autodiff.outputs(params, X, LAYERS), y)
    return data_loss + penalty(params)


def assert_equal(ours, theirs):
    for layer, reference in zip(ours, theirs, strict=True):
        for array, expected in zip(layer, reference, strict=True):
            assert_allclose(array, expected, rtol=1e-9, atol=1e-13)


def first_step(model, X, y, specs, **settings):
    """The first record, and the gradients that its update will use."""
    run = rk.training.steps(
        model, X, y, optimizer=rk.SGD(1e-300), regularizers=specs, epochs=1, **settings
    )
    record = next(run)
    gradients = [(dense.dweights.copy(), dense.dbiases.copy()) for dense in model.layers[::2]]
    run.close()
    return record, gradients


@penalties
def test_gradients_agree_with_autograd(specs, penalty):
    X, y = table()
    model = network()
    params = parameters(model)
    record, gradients = first_step(model, X, y, specs)
    assert record.loss == pytest.approx(whole_loss(params, X, y, penalty), rel=1e-12)
    assert_equal(gradients, grad(whole_loss)(params, X, y, penalty))


@penalties
def test_gradients_of_a_mini_batch_hold_the_whole_penalty(specs, penalty):
    X, y = table()
    model = network()
    params = parameters(model)
    record, gradients = first_step(model, X, y, specs, batch_size=7)
    rows = np.random.default_rng(np.random.SeedSequence(0).spawn(2)[0]).permutation(ROWS)[7:]
    assert_equal(gradients, grad(whole_loss)(params, X[rows], y[rows], penalty))
    assert record.penalty == pytest.approx(penalty(params), rel=1e-12)


@penalties
def test_training_in_mini_batches_is_that_of_a_plain_loop(specs, penalty):
    X, y = table()
    model = network()
    params = parameters(model)
    rk.train(
        model, X, y, optimizer=rk.SGD(0.05), regularizers=specs, epochs=4, batch_size=5, seed=3
    )
    rng = np.random.default_rng(np.random.SeedSequence(3).spawn(2)[0])
    for _ in range(4):
        order = rng.permutation(ROWS)
        for start in range(0, ROWS, 5):
            rows = order[start : start + 5]
            gradients = grad(whole_loss)(params, X[rows], y[rows], penalty)
            params = [
                tuple(w - 0.05 * g for w, g in zip(layer, of_layer, strict=True))
                for layer, of_layer in zip(params, gradients, strict=True)
            ]
    assert_equal(parameters(model), params)


def test_records_hold_the_penalty_of_the_whole_model():
    X, y = table()
    model = network()
    params = parameters(model)
    record, _ = first_step(model, X, y, ["path_norm=0.02", "l2=0.1@dense1.weights"])
    assert record.layers["path_norm"] == {
        "model": pytest.approx(0.02 * path_norm(params, 2), rel=1e-12)
    }


def test_frozen_layers_are_not_seen():
    """Two layers that are not neighbours are left, and their shapes do not chain."""
    X, y = table()
    model = network()
    model.layers[2].trainable = False
    with pytest.raises(rk.errors.PluginError, match="do not chain"):
        first_step(model, X, y, ["path_norm=0.02"])
