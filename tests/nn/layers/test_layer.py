"""What a layer is that somebody else wrote: two passes and a kind, and all else by default."""

from typing import ClassVar

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk


class Softplus(rk.Layer):
    """log(1 + exp(z))."""

    kind: ClassVar[str] = "softplus"

    def forward(self, inputs, workspace):
        workspace.kept["inputs"] = inputs[:, :-1]
        outputs = workspace.activations("outputs", len(inputs), inputs.shape[1] - 1)
        outputs[:, :-1] = np.logaddexp(0, inputs[:, :-1])
        return outputs

    def backward(self, doutputs, workspace, *, need_dinputs):
        return doutputs / (1 + np.exp(-workspace.kept["inputs"]))


@pytest.fixture
def model():
    layers = [rk.Dense(2, 4), Softplus(), rk.Dense(4, 1)]
    made = rk.Model(layers, rk.MeanSquaredError(), dtype="float64")
    made.parameters[...] = np.random.default_rng(0).standard_normal(made.parameters.size)
    return made


def test_by_default_it_has_no_parameters_and_leaves_features_as_they_are():
    layer = Softplus()
    assert (dict(layer.params), dict(layer.grads), layer.settings()) == ({}, {}, {})
    assert (layer.trainable, layer.n_inputs, layer.name) == (False, None, "")
    assert layer.n_outputs(7) == 7


def test_what_it_has_not_cannot_be_given_to_it():
    with pytest.raises(TypeError, match="item assignment"):
        Softplus().params["weights"] = np.zeros(3)
    with pytest.raises(TypeError, match="item assignment"):
        Softplus().grads["weights"] = np.zeros(3)


def test_no_kernel_takes_what_it_does_not_know():
    assert Softplus().as_network_layer() is None


@pytest.mark.parametrize("missing", ["forward", "backward"])
def test_both_passes_must_be_there(missing):
    passes = {name: getattr(Softplus, name) for name in ("forward", "backward") if name != missing}
    with pytest.raises(TypeError, match=f"abstract method '?{missing}"):
        type("Half", (rk.Layer,), {"kind": "half", **passes})()


def test_it_is_named_and_trained_through_like_any_other(model):
    assert [layer.name for layer in model.layers] == ["dense1", "softplus1", "dense2"]
    X, y = np.random.default_rng(1).standard_normal((2, 9, 2))
    y = y[:, :1]
    first, _, last = model.layers
    hidden = np.logaddexp(0, X @ first.weights + first.biases)
    assert_allclose(model.predict(X), (hidden @ last.weights + last.biases)[:, 0], rtol=1e-12)
    next(rk.training.steps(model, X, y, optimizer=rk.SGD(1.0), epochs=1))
    gradients = model.gradients.copy()
    for index, value in enumerate(model.parameters.copy()):
        losses = []
        for moved in (value + 1e-6, value - 1e-6):
            model.parameters[index] = moved
            losses.append(model.evaluate(X, y).data_loss)
        model.parameters[index] = value
        assert gradients[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-7)
