"""The warning where an L1-like penalty alone acts on a bias, and the optimizer is adaptive."""

import warnings

import numpy as np
import pytest

import regkit as rk

ADAPTIVE = [rk.AdaGrad, rk.RMSProp, rk.Adam]
X, Y = np.random.default_rng(0).standard_normal((10, 2)), np.arange(10.0)


def train(optimizer, regularizers, *, idle=True, epochs=5, bias=0.0):
    """A run in which nothing leaves the first layer, so that its biases have no data gradient."""
    model = rk.Model([rk.Dense(2, 4), rk.Dense(4, 1, trainable=not idle)], rk.MeanSquaredError())
    if idle:
        model.layers[1].params["weights"][...] = 0.0
    model.layers[0].params["biases"][...] = bias
    return rk.train(model, X, Y, optimizer=optimizer, regularizers=regularizers, epochs=epochs)


@pytest.mark.parametrize("optimizer", ADAPTIVE)
@pytest.mark.parametrize(
    "spec", ["l1=1e-4@dense1.biases", "l1=0.1@dense1", "elastic_net=0.1@d*1.biases"]
)
def test_an_adaptive_optimizer_warns_once(optimizer, spec):
    with pytest.warns(rk.errors.RegkitWarning) as caught:
        train(optimizer(0.01), [spec])
    (warning,) = caught
    assert str(warning.message) == (
        "4 of the biases of dense1 receive no gradient from the data, only an L1-like penalty, and "
        f"{optimizer.__name__} moves each by the full learning rate at any strength: "
        f"leave the biases out, or use SGD instead of {optimizer.__name__}"
        + ", or set at_zero=0.0"
        * spec.startswith("l1")  # The others have no such field.
    )


@pytest.mark.parametrize(
    ("optimizer", "spec"),
    [
        (rk.SGD, "l1=0.1@dense1"),
        (rk.Adam, "l1=0.1,at_zero=0@dense1"),
        (rk.Adam, "l1=0.1@dense1.weights"),
        (rk.Adam, "l2=0.1@dense1"),
        (rk.Adam, "elastic_net=0.1,l1_ratio=0@dense1"),
        (rk.Adam, "l1=0@dense1"),
    ],
)
def test_where_there_is_no_trap_there_is_no_warning(optimizer, spec):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(optimizer(0.01), [spec])


def test_biases_that_the_data_act_on_are_no_trap():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(rk.Adam(0.01), ["l1=0.1@biases"], idle=False)


def test_only_idle_biases_are_counted():
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 1)], rk.MeanSquaredError())
    model.layers[0].params["biases"][...] = [[-100.0, 1.0, -100.0, 1.0]]  # Two silent neurons.
    with pytest.warns(rk.errors.RegkitWarning, match="^2 of the biases of dense1"):
        rk.train(model, X, Y, optimizer=rk.Adam(0.01), regularizers=["l1=0.1@dense1"], epochs=1)
