"""Penalties of the whole network in training, against autograd.

The penalties are those of the plugin regkit-network, found by their entry points.
"""

import autograd.numpy as anp
import pytest
from autograd import grad
from oracles import autodiff
from oracles.small_network import (
    assert_equal,
    first_step,
    parameters,
    rows_of_the_last_batch,
    table,
    trained,
    trained_by_a_loop,
)
from oracles.small_network import network as small_network

import regkit as rk

LAYERS = ["dense", "relu", "dense", "tanh", "dense"]


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


def network():
    return small_network(rk.ReLU(), rk.Tanh())


def whole_loss(params, X, y, penalty):
    data_loss = autodiff.softmax_cross_entropy(autodiff.outputs(params, X, LAYERS), y)
    return data_loss + penalty(params)


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
    rows = rows_of_the_last_batch(7)
    assert_equal(gradients, grad(whole_loss)(params, X[rows], y[rows], penalty))
    assert record.penalty == pytest.approx(penalty(params), rel=1e-12)


@penalties
def test_training_in_mini_batches_is_that_of_a_plain_loop(specs, penalty):
    X, y = table()
    model = network()
    params = parameters(model)

    def loss(params, X, y):
        return whole_loss(params, X, y, penalty)

    assert_equal(trained(model, X, y, specs), trained_by_a_loop(loss, params, X, y))


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
