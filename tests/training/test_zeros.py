"""The share of a layer's weights that are exactly 0."""

import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.training.zeros import share_of_zeros


@pytest.fixture
def dense():
    layer = rk.Dense(2, 4)
    layer.params["weights"][...] = [[0.0, -0.0, 0.5, 1e-30], [0.0, 1.0, -2.0, 3.0]]
    layer.params["biases"][...] = [1.0, 1.0, 1.0, 0.0]
    return layer


def test_both_zeros_count_and_small_weights_do_not(dense):
    assert share_of_zeros(dense) == 3 / 8


def test_biases_do_not_count(dense):
    dense.params["biases"][...] = 0.0
    assert share_of_zeros(dense) == 3 / 8


@pytest.mark.parametrize(("value", "share"), [(0.0, 1.0), (0.25, 0.0)])
def test_all_or_none_may_be_zero(dense, value, share):
    dense.params["weights"][...] = value
    assert share_of_zeros(dense) == share


def test_an_outsiders_parameters_count_whatever_they_are_called():
    layer = Scale(5)
    layer.params["factors"][...] = [0.0, 0.5, 1.0, -0.0, 2.0]
    assert share_of_zeros(layer) == pytest.approx(0.4)


def test_a_record_has_the_share_of_each_layer(dense):
    model = rk.Model([dense, rk.ReLU(), rk.Dense(4, 1)], rk.MeanSquaredError())
    model.parameters[...] = 0.0
    dense.params["weights"][0, 0] = 1.0
    (record,) = rk.train(model, [[0.0, 0.0]], [0.0], optimizer=rk.SGD(0.1), epochs=1)
    assert record.zeros == {"dense1": 7 / 8, "dense2": 1.0}
