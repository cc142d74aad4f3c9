"""Somebody else's layer is tried before a model is made of it, and named where it errs."""

import numpy as np
import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.errors import InputError


class NoOnes(Scale):
    def forward(self, inputs, workspace):
        return super().forward(inputs, workspace)[:, :-1]


class OtherOnes(Scale):
    def forward(self, inputs, workspace):
        outputs = super().forward(inputs, workspace).copy()
        outputs[:, -1] = 7
        return outputs


class Nothing(Scale):
    def forward(self, inputs, workspace):
        return None


class WideBackward(Scale):
    def backward(self, doutputs, workspace, *, need_dinputs):
        return np.hstack([doutputs, doutputs])


class Fails(Scale):
    def backward(self, doutputs, workspace, *, need_dinputs):
        return doutputs @ np.zeros((99, 1))


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (
            NoOnes,
            r"scale1: forward must return an array of shape \(samples, n_outputs \+ 1\)",
        ),
        (OtherOnes, "scale1: the last column that forward returns must hold ones"),
        (Nothing, r"scale1: forward must return .* and returned NoneType"),
        (WideBackward, r"scale1: backward must return .* is \(3, 6\) .* returned .* \(3, 12\)"),
        (Fails, "scale1: backward raised ValueError for 3 rows: "),
    ],
)
def test_a_layer_that_does_not_keep_to_the_shapes_is_named(layer, complaint):
    with pytest.raises(InputError, match=complaint):
        rk.Model([rk.Dense(2, 6), layer(6), rk.Dense(6, 3)], rk.SoftmaxCrossEntropy())


def test_a_trial_leaves_no_trace():
    layers = [rk.Dense(2, 6), Scale(6), rk.Dense(6, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy())
    assert (model.layers[1].params["factors"] == 1).all()
    assert not model.gradients.any()


def test_regkits_own_layers_are_not_tried(monkeypatch):
    monkeypatch.setattr(rk.ReLU, "forward", None)
    assert rk.Model([rk.Dense(2, 3), rk.ReLU()], rk.MeanSquaredError()).n_outputs == 3
