"""A way to look at a loss alone: a model that passes its inputs on as they are."""

import numpy as np
import pytest

import regkit as rk


@pytest.fixture
def passing_on():
    """Makes a model of n inputs and outputs that returns its inputs."""

    def make(loss, n, dtype="float64"):
        model = rk.Model([rk.Dense(n, n)], loss, dtype=dtype)
        model.layers[0].params["weights"][...] = np.eye(n)
        return model

    return make


@pytest.fixture
def gradient_by_outputs():
    """The data loss's gradient by such a model's outputs, for one row."""

    def gradient(model, outputs, y):
        next(rk.training.steps(model, [outputs], [y], optimizer=rk.SGD(1.0), epochs=1))
        return model.layers[0].dbiases[0]  # The only sample's own.

    return gradient
