"""Penalties of outputs in training, against autograd through the whole network.

The penalties are those of the plugin regkit-activity, found by their entry points.
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

NAMES = ["dense1", "tanh1", "dense2", "relu1", "dense3"]


def decov(a):
    """½ (‖C‖² − ‖diag C‖²), C the covariance of the outputs over the batch."""
    centred = a - anp.mean(a, axis=0)
    covariance = anp.dot(centred.T, centred) / len(a)
    return 0.5 * (anp.sum(covariance**2) - anp.sum(anp.diag(covariance) ** 2))


# Each list of specs beside the same penalty in autograd's words; `a` are the outputs by layer.
PENALTIES = {
    "L1 of a ReLU": (
        ["activity_l1=0.3@relu1"],
        lambda a: 0.3 * anp.mean(anp.sum(anp.abs(a["relu1"]), axis=1)),
    ),
    "L1 of the network's outputs": (
        ["activity_l1=0.3@dense3"],
        lambda a: 0.3 * anp.mean(anp.sum(anp.abs(a["dense3"]), axis=1)),
    ),
    "L2 of two layers": (
        ["activity_l2=0.2@tanh1+dense2"],
        lambda a: 0.2 * sum(anp.mean(anp.sum(a[n] ** 2, axis=1)) for n in ("tanh1", "dense2")),
    ),
    "decorrelation": (["decorrelation=2@relu1"], lambda a: 2 * decov(a["relu1"])),
    "decorrelation of two layers": (
        ["decorrelation=0.7@dense*"],
        lambda a: 0.7 * (decov(a["dense1"]) + decov(a["dense2"]) + decov(a["dense3"])),
    ),
    "three": (
        ["activity_l1=0.1@tanh1", "decorrelation=0.5@tanh1", "activity_l2=0.2@relu1"],
        lambda a: (
            0.1 * anp.mean(anp.sum(anp.abs(a["tanh1"]), axis=1))
            + 0.5 * decov(a["tanh1"])
            + 0.2 * anp.mean(anp.sum(a["relu1"] ** 2, axis=1))
        ),
    ),
}

penalties = pytest.mark.parametrize(("specs", "penalty"), PENALTIES.values(), ids=PENALTIES.keys())


def network():
    model = small_network(rk.Tanh(), rk.ReLU())
    assert [layer.name for layer in model.layers] == NAMES
    return model


def outputs_by_layer(params, X):
    values, found, rest = X, {}, iter(params)
    for name in NAMES:
        if name.startswith("dense"):
            weights, biases = next(rest)
            values = anp.dot(values, weights) + biases
        else:
            values = autodiff.ACTIVATIONS[name[:-1]](values)
        found[name] = values
    return found


def whole_loss(params, X, y, penalty):
    a = outputs_by_layer(params, X)
    return autodiff.softmax_cross_entropy(a["dense3"], y) + penalty(a)


@penalties
def test_gradients_agree_with_autograd(specs, penalty):
    X, y = table()
    model = network()
    params = parameters(model)
    record, gradients = first_step(model, X, y, specs)
    assert record.loss == pytest.approx(whole_loss(params, X, y, penalty), rel=1e-12)
    assert_equal(gradients, grad(whole_loss)(params, X, y, penalty))


@penalties
def test_gradients_and_penalties_of_a_mini_batch_are_those_of_its_rows(specs, penalty):
    """The last batch of an epoch is the smaller one."""
    X, y = table()
    model = network()
    params = parameters(model)
    record, gradients = first_step(model, X, y, specs, batch_size=7)
    rows = rows_of_the_last_batch(7)
    assert_equal(gradients, grad(whole_loss)(params, X[rows], y[rows], penalty))
    expected = penalty(outputs_by_layer(params, X[rows]))
    assert record.penalty == pytest.approx(expected, rel=1e-12)


@penalties
def test_training_in_mini_batches_is_that_of_a_plain_loop(specs, penalty):
    X, y = table()
    model = network()
    params = parameters(model)

    def loss(params, X, y):
        return whole_loss(params, X, y, penalty)

    assert_equal(trained(model, X, y, specs), trained_by_a_loop(loss, params, X, y))


def test_frozen_layers_pass_the_gradient_on():
    """The outputs of a frozen layer depend on the parameters below it."""
    X, y = table()
    model = network()
    model.layers[2].trainable = False
    params = parameters(model)
    _, gradients = first_step(model, X, y, ["activity_l2=0.5@relu1"])
    expected = grad(whole_loss)(
        params, X, y, lambda a: 0.5 * anp.mean(anp.sum(a["relu1"] ** 2, axis=1))
    )
    assert_equal([gradients[0], gradients[2]], [expected[0], expected[2]])
