"""Activations against SciPy and NumPy, also where they saturate.

Covers: regkit/nn/layers/relu.py, regkit/nn/layers/sigmoid.py, regkit/nn/layers/tanh.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit

import regkit as rk

FUNCTIONS = [(rk.ReLU, lambda z: np.where(z > 0, z, 0)), (rk.Sigmoid, expit), (rk.Tanh, np.tanh)]
Z = np.array([-1e4, -800.0, -30.0, -1.5, -1e-8, 0.0, 1e-8, 1.5, 30.0, 800.0, 1e4])


def single(activation, dtype="float64"):
    """A model that applies the activation to its one input."""
    model = rk.Model([rk.Dense(1, 1), activation], rk.MeanSquaredError(), dtype=dtype)
    model.parameters[...] = 1.0, 0.0
    return model


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("activation", "function"), FUNCTIONS)
def test_values(activation, function, dtype):
    outputs = single(activation(), dtype).predict(Z[:, np.newaxis])
    assert outputs.dtype == dtype
    accuracy = 4 * np.finfo(dtype).eps
    assert_allclose(outputs, function(Z), rtol=accuracy, atol=accuracy)


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        (rk.ReLU, lambda z: float(z > 0)),
        (rk.Sigmoid, lambda z: expit(z) * expit(-z)),
        (rk.Tanh, lambda z: 1 - np.tanh(z) ** 2),
    ],
)
@pytest.mark.parametrize("z", Z)
def test_slopes(activation, slope, z):
    model = single(activation())
    target = model.predict([[z]]) - 0.5  # The loss is error², so its derivative is 1 here.
    next(rk.training.steps(model, [[z]], target, optimizer=rk.SGD(1.0), epochs=1))
    assert_allclose(model.layers[0].dbiases[0, 0], slope(z), rtol=1e-12, atol=1e-15)
