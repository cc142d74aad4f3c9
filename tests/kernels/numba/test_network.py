"""The kernels of a narrow hidden layer compute what its three layers do.

Covers: regkit/kernels/numba/hidden_layer.py, regkit/kernels/numba/relu.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk
from regkit.kernels.kernels import Kernels
from regkit.kernels.numba.kernels import NumbaKernels
from regkit.kernels.numba.network import BLOCK, NARROW, OneHiddenLayer
from regkit.nn.passes import Passes

NEURONS = 7


def model_and_data(rows=50, n_inputs=2, n_outputs=3, dtype="float64"):
    layers = [rk.Dense(n_inputs, NEURONS), rk.ReLU(), rk.Dense(NEURONS, n_outputs)]
    model = rk.Model(layers, loss=rk.MeanSquaredError(), dtype=dtype)
    rng = np.random.default_rng(0)
    model.parameters[...] = rng.standard_normal(model.parameters.size)
    inputs = np.asfortranarray(model.as_inputs(rng.standard_normal((rows, n_inputs))))
    targets = model.as_targets(rng.standard_normal((rows, n_outputs)), rows)
    return model, inputs, targets


def outputs_and_gradients(model, inputs, targets, *, compiled):
    kernels = NumbaKernels() if compiled else Kernels()
    passes = Passes(model.layers, model.loss, model.dtype, kernels=kernels, full_batches=True)
    model.gradients[...] = np.nan
    outputs = passes.forward(inputs).copy()
    passes.measure(inputs, targets)
    passes.backward(targets)
    return outputs, model.gradients.copy()


def assert_alike(model, inputs, targets, rtol):
    plain, ours = (
        outputs_and_gradients(model, inputs, targets, compiled=compiled)
        for compiled in (False, True)
    )
    for expected, found in zip(plain, ours, strict=True):
        assert_allclose(found, expected, rtol=0, atol=rtol * np.abs(expected).max())


@pytest.mark.parametrize("n_outputs", range(1, NARROW + 1))
@pytest.mark.parametrize("n_inputs", range(1, NARROW + 1))
def test_all_narrow_shapes(n_inputs, n_outputs):
    assert_alike(*model_and_data(n_inputs=n_inputs, n_outputs=n_outputs), rtol=1e-13)


@pytest.mark.parametrize("rows", [1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK - 5])
def test_all_numbers_of_rows(rows):
    assert_alike(*model_and_data(rows), rtol=1e-12)


def test_float32():
    assert_alike(*model_and_data(3000, dtype="float32"), rtol=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_does_not_pass_for_finite(value):
    model, inputs, targets = model_and_data()
    model.parameters[0] = value
    with np.errstate(invalid="ignore"):
        outputs, gradients = outputs_and_gradients(model, inputs, targets, compiled=True)
    assert not np.isfinite(outputs).all()
    assert not np.isfinite(gradients).all()


@pytest.mark.parametrize(
    ("layers", "fits"),
    [
        ([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3)], True),
        ([rk.Dense(NARROW, 64), rk.ReLU(), rk.Dense(64, NARROW)], True),
        ([rk.Dense(NARROW + 1, 64), rk.ReLU(), rk.Dense(64, 3)], False),
        ([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, NARROW + 1)], False),
        ([rk.Dense(2, 64, trainable=False), rk.ReLU(), rk.Dense(64, 3)], False),
        ([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3, trainable=False)], False),
        ([rk.Dense(2, 3)], False),
        ([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 4), rk.ReLU(), rk.Dense(4, 3)], False),
    ],
)
def test_which_networks_the_kernels_take(layers, fits):
    whole = OneHiddenLayer.of([layer.as_network_layer() for layer in layers])
    assert (whole is not None) is fits


def test_a_subclass_may_compute_something_else_and_is_not_taken():
    class Doubled(rk.ReLU):
        pass

    assert Doubled().as_network_layer() is None
    passes = Passes(
        [rk.Dense(2, 4), Doubled(), rk.Dense(4, 3)],
        rk.MeanSquaredError(),
        np.dtype("float32"),
        kernels=NumbaKernels(),
        full_batches=True,
    )
    assert passes.forward(np.ones((5, 3), np.float32)).shape == (5, 3)
