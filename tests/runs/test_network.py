"""The network that settings ask for."""

import numpy as np
import pytest
from made_runs import made_run

import regkit as rk
from regkit.data import Preparation, read_table
from regkit.errors import InputError
from regkit.nn.architecture import Architecture
from regkit.runs.config import Config
from regkit.runs.load import load_run
from regkit.runs.network import network
from regkit.runs.start import reopened

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


@pytest.mark.parametrize(
    ("name", "cls"), [("relu", rk.ReLU), ("tanh", rk.Tanh), ("sigmoid", rk.Sigmoid)]
)
def test_the_activation_follows_each_hidden_layer(classes, name, cls):
    model = network(Config(hidden=(5, 6), activation=name), classes)
    assert [type(one) for one in model.layers] == [rk.Dense, cls, rk.Dense, cls, rk.Dense]


def test_dropout_follows_each_activation_at_its_rate(classes):
    model = network(Config(hidden=(5, 6), dropout=0.25), classes)
    hidden = [rk.Dense, rk.ReLU, rk.Dropout]
    assert [type(one) for one in model.layers] == [*hidden, *hidden, rk.Dense]
    assert [one.rate for one in model.layers if isinstance(one, rk.Dropout)] == [0.25, 0.25]


def test_the_weights_start_alike_with_and_without_dropout(classes):
    plain, dropping = (network(Config(hidden=(5,), dropout=rate), classes) for rate in (0, 0.5))
    assert np.array_equal(plain.parameters, dropping.parameters)


def test_activation_and_dropout_are_part_of_what_a_file_stores(classes):
    model = network(Config(hidden=(5,), activation="tanh", dropout=0.5), classes)
    built = rk.Model.of_architecture(Architecture.of(model))
    assert [type(one) for one in built.layers] == [rk.Dense, rk.Tanh, rk.Dropout, rk.Dense]
    assert built.layers[2].rate == 0.5


def test_a_run_with_both_is_resumed_to_the_bit_and_loaded(tmp_path):
    both = {"activation": "sigmoid", "dropout": 0.3}
    made_run(tmp_path / "whole", epochs=20, **both)
    made_run(tmp_path / "half", epochs=10, **both)
    with reopened(tmp_path / "half", plugin_files=(), classes=(), epochs=20) as (session, _):
        list(session.records())
    whole, half = (load_run(tmp_path / name, weights="last").model for name in ("whole", "half"))
    assert [type(one) for one in half.layers] == [rk.Dense, rk.Sigmoid, rk.Dropout, rk.Dense]
    assert half.layers[2].rate == 0.3
    assert np.array_equal(whole.parameters, half.parameters)


@pytest.mark.parametrize("rate", [1.0, -0.1, float("nan"), 30.0])
def test_a_rate_that_is_no_share_is_refused(classes, rate):
    with pytest.raises(InputError, match="dropout must be finite and at least 0 and below 1, got"):
        network(Config(dropout=rate), classes)


def test_dropout_without_a_hidden_layer_is_refused(classes):
    with pytest.raises(InputError, match=r"dropout 0\.5 has no hidden layer to act on"):
        network(Config(hidden=(), dropout=0.5), classes)
