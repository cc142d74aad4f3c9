"""Compiled kernels give NumPy's results to rounding, always the same, and only when asked for."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from oracles import chapter

import regkit as rk
from regkit.errors import DivergenceError, InputError

EPOCHS = 20
SPECS = ["l1=1e-3@dense1", "l2=2e-3@dense2.weights", "elastic_net=1e-3@*"]


@pytest.fixture(scope="module")
def data():
    return rk.datasets.spiral(samples=40, classes=3)


def trained(data, layers=None, *, optimizer=rk.Adam, dtype="float64", **arguments):
    layers = layers or [rk.Dense(2, 16, init="he"), rk.ReLU(), rk.Dense(16, 3, init="he")]
    model = rk.Model(layers, loss=rk.SoftmaxCrossEntropy(), dtype=dtype)
    arguments = {"regularizers": SPECS, "epochs": EPOCHS} | arguments
    records = rk.train(model, *data, optimizer=optimizer(0.01), **arguments)
    return model, records


@pytest.mark.filterwarnings("ignore:.*only an L1-like penalty:regkit.errors.RegkitWarning")
@pytest.mark.parametrize("optimizer", [rk.Adam, rk.SGD, rk.RMSProp, rk.AdaGrad])
@pytest.mark.parametrize("batch_size", [None, 32])
def test_results_are_numpy_s_to_rounding(data, optimizer, batch_size):
    given = {"optimizer": optimizer, "batch_size": batch_size}
    plain, plain_records = trained(data, **given)
    ours, records = trained(data, **given, kernels="compiled")
    assert_allclose(ours.parameters, plain.parameters, rtol=0, atol=1e-10)
    for one, other in zip(records, plain_records, strict=True):
        assert one.loss == pytest.approx(other.loss, abs=1e-10)
        assert one.penalties == pytest.approx(other.penalties, abs=1e-10)


@pytest.mark.filterwarnings("ignore:.*only an L1-like penalty:regkit.errors.RegkitWarning")
@pytest.mark.parametrize(
    "layers",
    [
        lambda: [rk.Dense(2, 8, trainable=False), rk.ReLU(), rk.Dense(8, 3)],
        lambda: [rk.Dense(2, 8), rk.Tanh(), rk.Dense(8, 8), rk.Dropout(0.2), rk.Dense(8, 3)],
    ],
)
def test_networks_that_no_kernel_takes_train_as_ever(data, layers):
    given = {"regularizers": ["elastic_net=1e-3"]}
    plain, _ = trained(data, layers(), **given)
    ours, _ = trained(data, layers(), **given, kernels="compiled")
    assert_allclose(ours.parameters, plain.parameters, rtol=0, atol=1e-10)


def test_they_agree_with_the_chapters_plain_program(data):
    X, y = data
    model, _ = trained(data, epochs=0)
    dense = [
        chapter.Dense(layer.weights.copy(), layer.biases.copy(), weight_l2=5e-3, bias_l2=5e-3)
        for layer in model.parameter_layers
    ]
    chapter.train(*dense, X.astype(np.float64), y, chapter.Adam(lr=0.01), EPOCHS)
    ours, _ = trained(data, regularizers=["l2=5e-3@*"], kernels="compiled")
    for layer, theirs in zip(ours.parameter_layers, dense, strict=True):
        assert_allclose(layer.weights, theirs.weights, rtol=0, atol=1e-9)
        assert_allclose(layer.biases, theirs.biases, rtol=0, atol=1e-9)


@pytest.mark.filterwarnings("ignore:.*only an L1-like penalty:regkit.errors.RegkitWarning")
def test_twice_the_same_is_the_same_to_the_bit(data):
    first, second = (trained(data, dtype="float32", kernels="compiled")[0] for _ in range(2))
    assert_array_equal(first.parameters, second.parameters)


@pytest.mark.filterwarnings("ignore:.*only an L1-like penalty:regkit.errors.RegkitWarning")
@pytest.mark.parametrize("hidden", [16, 1000])
@pytest.mark.parametrize("batch_size", [None, 32])
def test_how_often_it_is_recorded_makes_no_difference_to_any_digit(data, batch_size, hidden):
    """Records read the gradients of penalties, which else wait for Adam's pass."""
    ends = []
    for how in ({"log_every": 1, "gradient_norms": True}, {"log_every": 7}, {"log_every": 20}):
        layers = [rk.Dense(2, hidden, init="he"), rk.ReLU(), rk.Dense(hidden, 3, init="he")]
        given = {"batch_size": batch_size, "dtype": "float32", "kernels": "compiled", **how}
        ends.append(trained(data, layers, **given)[0].parameters)
    for other in ends[1:]:
        assert_array_equal(ends[0], other)


def test_a_training_that_diverges_is_noticed(data):
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 1)]
    model = rk.Model(layers, loss=rk.MeanSquaredError())
    with pytest.raises(DivergenceError):
        rk.train(
            model,
            1e6 * data[0],
            data[1],
            optimizer=rk.SGD(1e3),
            epochs=50,
            kernels="compiled",
        )


def test_other_names_are_refused(data):
    with pytest.raises(
        InputError, match="kernels must be 'auto', 'numpy' or 'compiled', got 'cuda'"
    ):
        trained(data, kernels="cuda")


def test_without_numba_the_message_says_what_to_install(data, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(InputError, match=r"pip install 'regkit-nn\[compiled\]'"):
        trained(data, kernels="compiled")


def test_numba_is_not_imported_unless_asked_for():
    program = """
import sys, regkit as rk
model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 2)], loss=rk.SoftmaxCrossEntropy())
X, y = rk.datasets.spiral(samples=4, classes=2)
for kernels in ("numpy", "compiled"):
    optimizer = rk.Adam()
    rk.train(model, X, y, optimizer=optimizer, regularizers=["l2=1e-3"], epochs=1, kernels=kernels)
    print("numba" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
