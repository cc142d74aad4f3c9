"""The flat store: a copy has a store of its own, and trains exactly as its original would."""

import copy
import pickle
from io import BytesIO

import joblib
import numpy as np
import pytest

import regkit as rk
from regkit.nn.parameters import Parameters

REGULARIZERS = ["l1=1e-3@dense1.weights", "l2=1e-2"]


def by_joblib(value):
    buffer = BytesIO()
    joblib.dump(value, buffer)
    buffer.seek(0)
    return joblib.load(buffer)


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "joblib": by_joblib,
}


@pytest.fixture(scope="module")
def data():
    return rk.datasets.spiral(samples=30, classes=3, seed=4)


def trained_a_little(data):
    layers = [rk.Dense(2, 8, weight_l2=1e-3), rk.Tanh(), rk.Dense(8, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=5)
    optimizer = rk.Adam(0.05)
    go_on(model, optimizer, data)
    return model, optimizer


def go_on(model, optimizer, data):
    return rk.train(
        model, *data, optimizer=optimizer, regularizers=REGULARIZERS, epochs=5, batch_size=16
    )


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES.keys())
def test_a_copy_of_a_model_and_its_optimizer_trains_as_the_original_does(copied, data):
    model, optimizer = trained_a_little(data)
    # Together, as one object that is passed round.
    other, other_optimizer = copied((model, optimizer))
    if other is model:  # `copy.copy` of a tuple is the tuple itself.
        other, other_optimizer = copied(model), copied(optimizer)
    before = model.parameters.copy()
    records = go_on(other, other_optimizer, data)
    assert np.array_equal(model.parameters, before)
    assert go_on(model, optimizer, data) == records
    assert np.array_equal(other.parameters, model.parameters)
    assert not np.array_equal(before, model.parameters)


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES.keys())
def test_the_layers_of_a_copy_are_views_into_its_own_array(copied, data):
    model, _ = trained_a_little(data)
    other = copied(model)
    other.parameters[...] = 7
    assert (other.layers[0].weights == 7).all()
    other.layers[2].params["biases"][...] = 8
    assert (other.parameters[other.span("dense2", "biases")] == 8).all()
    assert not (model.parameters == 7).any()
    assert [layer.name for layer in other.layers] == ["dense1", "tanh1", "dense2"]


def test_a_model_in_another_dtype_and_back_trains_as_the_original_does(data):
    model, _ = trained_a_little(data)
    wide = model.astype("float64")
    assert wide.dtype == wide.parameters.dtype == wide.layers[0].weights.dtype == np.float64
    back = wide.astype("float32")
    assert np.array_equal(back.parameters, model.parameters)
    assert go_on(back, rk.SGD(0.1), data) == go_on(model, rk.SGD(0.1), data)


def test_a_layer_that_was_copied_alone_belongs_to_no_model(data):
    model, _ = trained_a_little(data)
    layer = copy.deepcopy(model.layers[0])
    assert layer.name == ""
    assert np.array_equal(layer.weights, model.layers[0].weights)
    again = rk.Model([layer, rk.Dense(8, 3)], rk.SoftmaxCrossEntropy())
    assert again.layers[0].name == "dense1"


def test_setting_parameters_says_how_to_write_into_them():
    model = rk.Model([rk.Dense(2, 3)], rk.MeanSquaredError())
    with pytest.raises(rk.errors.InputError, match=r"write model\.parameters\[\.\.\.\] = values"):
        model.parameters = np.zeros(9)
    model.parameters[...] = np.arange(9)
    assert np.array_equal(model.layers[0].weights, [[0, 1, 2], [3, 4, 5]])
    assert np.array_equal(model.layers[0].biases, [[6, 7, 8]])


def test_neighbouring_spans_are_joined():
    shapes = [("a", {"w": (2, 3)}), ("b", {"w": (4,), "v": (1, 1)}), ("c", {"w": (2,)})]
    store = Parameters(shapes, np.dtype("float64"))
    assert store.spans(["a", "b"]) == [slice(0, 11)]
    assert store.spans(["a", "c"]) == [slice(0, 6), slice(11, 13)]
    assert store.span("b", "v") == slice(10, 11)
    assert store.values.shape == store.gradients.shape == (13,)
    store.layers[1].grads["v"][...] = 5
    assert store.gradients[10] == 5


def test_what_changes_the_array_in_place_may_be_written_as_an_assignment():
    model = rk.Model([rk.Dense(2, 3)], rk.MeanSquaredError(), dtype="float64")
    doubled = 2 * model.parameters
    model.parameters *= 2
    assert np.array_equal(model.parameters, doubled)
    assert np.array_equal(model.layers[0].weights.ravel(), doubled[:6])


def test_which_layers_a_model_has_stays_as_it_is():
    model = rk.Model([rk.Dense(2, 3)], rk.MeanSquaredError())
    assert isinstance(model.layers, tuple)
    with pytest.raises(AttributeError):
        model.layers = []
