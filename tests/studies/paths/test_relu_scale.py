"""Whether a layer can shrink at no cost.

Covers: regkit/studies/paths/selected.py
"""

import warnings

import numpy as np
import pytest

import regkit as rk
from regkit.errors import RegkitWarning
from regkit.runs.config import Config
from regkit.runs.job import job
from regkit.studies.paths.relu_scale import warn_of_relu_scale
from regkit.studies.paths.selected import selected_arrays


def told(*reg, **settings):
    made = job(Config(**{"samples": 20, "hidden": (4, 3), **settings}, reg=reg))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RegkitWarning)
        warn_of_relu_scale(made, 0)
    return [str(one.message) for one in caught]


def test_it_warns_where_the_next_layer_has_no_penalty():
    (message,) = told("l1=0.1@dense1.weights")
    assert message.startswith("dense1 stands before a ReLU and dense2 has no penalty")
    (message,) = told("l1=0.1@dense1", "l2=0.1@dense3")
    assert "dense2 has no penalty" in message
    (message,) = told("l1=0.1@dense2.weights", dropout=0.5)
    assert "dense3 has no penalty" in message


@pytest.mark.parametrize(
    ("reg", "settings"),
    [
        (("l1=0.1",), {}),
        (("l1=0.1@dense1", "l2=0.1@dense2"), {}),
        (("l1=0.1@dense3",), {}),
        (("l1=0.1@dense1",), {"activation": "tanh"}),
        (("l1=0.1",), {"hidden": ()}),
        (("activity_l1=0.1@relu1",), {}),
    ],
)
def test_it_is_quiet_where_nothing_is_free(reg, settings):
    assert told(*reg, **settings) == []


def test_the_layers_can_indeed_change_at_no_cost():
    rng = np.random.default_rng(0)
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    X, y = rng.normal(size=(20, 2)), rng.integers(0, 3, 20)
    before = model.evaluate(X, y).data_loss
    for array in model.layers[0].params.values():
        array /= 8
    model.layers[2].params["weights"][...] *= 8
    assert model.evaluate(X, y).data_loss == pytest.approx(before, rel=1e-6)


def test_what_a_regularizer_selects():
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    assert selected_arrays(model, rk.L1(1.0, on="dense1")) == [
        ("dense1", "weights"),
        ("dense1", "biases"),
    ]
    assert selected_arrays(model, rk.L1(1.0, on=("dense2.biases", "dense1.weights"))) == [
        ("dense1", "weights"),
        ("dense2", "biases"),
    ]
    model.layers[0].trainable = False
    assert selected_arrays(model, rk.L1(1.0)) == [("dense2", "weights")]
    assert selected_arrays(model, object()) == []
