"""The network that settings ask for."""

import numpy as np
import pytest

import regkit as rk
from regkit.data import Preparation, read_table
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.network import network

ROWS = np.arange(24.0).reshape(8, 3)


def preparation(task, target):
    table = read_table(ROWS, target)
    return Preparation.fit(table, task=task, standardize=True)


@pytest.fixture
def classes():
    """Three columns, four classes."""
    return preparation("classification", np.repeat(["a", "b", "c", "d"], 2))


@pytest.fixture
def numbers():
    return preparation("regression", np.linspace(0, 1, 8))


@pytest.mark.parametrize("hidden", [(), (5,), (5, 6, 7)])
def test_dense_layers_of_these_sizes_with_relu_between_them(classes, hidden):
    model = network(Config(hidden=hidden), classes)
    dense = model.layers[::2]
    assert [layer.weights.shape for layer in dense] == [
        *zip((3, *hidden), (*hidden, 4), strict=True)
    ]
    assert all(isinstance(layer, rk.ReLU) for layer in model.layers[1::2])
    assert len(model.layers) == 2 * len(hidden) + 1


def test_the_task_decides_the_loss_and_the_outputs(classes, numbers):
    classifying, fitting = (network(Config(hidden=(5,)), one) for one in (classes, numbers))
    assert isinstance(classifying.loss, rk.SoftmaxCrossEntropy)
    assert isinstance(fitting.loss, rk.MeanSquaredError)
    assert (classifying.n_outputs, fitting.n_outputs) == (4, 1)


@pytest.mark.parametrize("init", ["normal", "he", "glorot"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_starts_as_the_librarys_own_network_does(numbers, init, dtype):
    model = network(Config(hidden=(5,), init=init, seed=7, dtype=dtype), numbers)
    layers = [rk.Dense(3, 5, init=init), rk.ReLU(), rk.Dense(5, 1, init=init)]
    plain = rk.Model(layers, rk.MeanSquaredError(), seed=7, dtype=dtype)
    assert model.dtype == dtype
    assert np.array_equal(model.parameters, plain.parameters)


def test_a_size_that_cannot_be_used_is_refused(numbers):
    with pytest.raises(InputError, match="n_neurons must be an integer at least 1, got 0"):
        network(Config(hidden=(5, 0)), numbers)
