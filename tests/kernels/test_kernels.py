"""All kernels against plain formulas over whole arrays, whatever is reused or cut into chunks.

Covers: regkit/kernels/network.py, regkit/kernels/numba/kernels.py
"""

from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from regkit.kernels.chunks import KEPT_CHUNK
from regkit.kernels.kernels import Kernels
from regkit.kernels.linear_gradient import LinearGradient
from regkit.kernels.network import Network, NetworkLayer
from regkit.kernels.numba import sweeps
from regkit.kernels.numba.kernels import NumbaKernels

DTYPES = ["float32", "float64"]
SIZES = [1, 100, KEPT_CHUNK, KEPT_CHUNK + 1, 2 * KEPT_CHUNK + 77]


def sgd(w, grad, v, *, momentum, lr):
    v = momentum * v - lr * grad
    return w + v, v


def adagrad(w, grad, c, *, lr, epsilon):
    c = c + grad**2
    return w - lr * grad / (np.sqrt(c) + epsilon), c


def rmsprop(w, grad, c, *, rho, lr, epsilon):
    c = rho * c + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(c) + epsilon), c


def adam(w, grad, m, v, *, beta_1, beta_2, lr, epsilon):
    m, v = beta_1 * m + grad, beta_2 * v + grad**2
    return w - lr * m / (np.sqrt(v) + epsilon), m, v


SWEEPS = {
    "sgd": (sgd, {"momentum": 0.9, "lr": 0.3}),
    "adagrad": (adagrad, {"lr": 0.3, "epsilon": 0.01}),
    "rmsprop": (rmsprop, {"rho": 0.8, "lr": 0.3, "epsilon": 0.01}),
    "adam": (adam, {"beta_1": 0.6, "beta_2": 0.7, "lr": 0.3, "epsilon": 0.01}),
}
SLOPES = {
    "relu": lambda outputs: outputs > 0,
    "sigmoid": lambda outputs: outputs * (1 - outputs),
    "tanh": lambda outputs: 1 - outputs**2,
}


@pytest.fixture(scope="module", params=[Kernels, NumbaKernels], ids=lambda cls: cls.name)
def kernels(request):
    """One object for all tests, as for all operations of a run: its memory is used again."""
    return request.param()


def tolerance(dtype):
    return 32 * np.finfo(dtype).eps


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SWEEPS)
def test_an_optimizers_sweep_is_its_formula_in_place(kernels, name, dtype, size):
    formula, settings = SWEEPS[name]
    rng = np.random.default_rng(size)
    w, grad = rng.standard_normal((2, size)).astype(dtype)
    moments = rng.random((2 if name == "adam" else 1, size)).astype(dtype)
    given = grad.copy()
    expected = formula(*(one.astype(np.float64) for one in (w, grad, *moments)), **settings)
    getattr(kernels, name)(w, grad, *moments, **settings)
    for ours, plain in zip((w, *moments), expected, strict=True):
        assert_allclose(ours, plain, rtol=tolerance(dtype), atol=tolerance(dtype))
    assert_array_equal(grad, given)


@pytest.mark.parametrize("shape", [(1, 1), (50, 3), (2, KEPT_CHUNK), (7, 4)])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("order", ["F", "C", "strided"])
def test_an_activations_gradient_is_its_slope_by_its_outputs(kernels, name, dtype, shape, order):
    rng = np.random.default_rng(0)
    outputs = rng.uniform(-1, 1, shape).astype(dtype)
    outputs[0, 0] = 0.0
    doutputs = rng.standard_normal(shape).astype(dtype)
    expected = doutputs * SLOPES[name](outputs.astype(np.float64))
    if order == "strided":  # As activations lie, with a column of ones beside them.
        doutputs = np.column_stack([doutputs, np.ones(len(doutputs), dtype)])[:, :-1]
        outputs = np.column_stack([outputs, np.ones(len(outputs), dtype)])[:, :-1]
    else:
        outputs, doutputs = outputs.copy(order=order), doutputs.copy(order=order)
    given = outputs.copy()
    getattr(kernels, f"{name}_gradient")(outputs, doutputs)
    assert_allclose(doutputs, expected, rtol=tolerance(dtype), atol=tolerance(dtype))
    assert_array_equal(outputs, given)


@pytest.mark.parametrize("layout", ["C", "F", "strided"])
@pytest.mark.parametrize("shape", [(5, 4), (3, KEPT_CHUNK), (KEPT_CHUNK + 1, 2)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_penaltys_gradient_is_added_entry_by_entry(kernels, dtype, shape, layout):
    wide = np.random.default_rng(0).standard_normal((shape[0], 2 * shape[1])).astype(dtype)
    wide[:, :2] = 0.0
    w = wide[:, ::2] if layout == "strided" else wide[:, ::2].copy(order=layout)
    sums = np.full_like(wide, 0.125)
    out = sums[:, ::2] if layout == "strided" else sums[:, ::2].copy(order=layout)
    kernels.add_linear_gradient(w, out, LinearGradient(sign=0.5, at_zero=-0.25, multiple=3.0))
    kernels.settle()
    plain = w.astype(np.float64)
    slope = np.where(plain == 0, -0.25, 0.5 * np.sign(plain)) + 3.0 * plain
    assert_allclose(out, 0.125 + slope, rtol=tolerance(dtype), atol=tolerance(dtype))
    if layout == "strided":
        assert (sums[:, 1::2] == 0.125).all()


def test_only_compiled_kernels_take_several_layers_at_once():
    first, last = np.zeros((3, 5)), np.zeros((6, 2))
    layers = [
        NetworkLayer("dense", first, np.zeros_like(first)),
        NetworkLayer("relu"),
        NetworkLayer("dense", last, np.zeros_like(last)),
    ]
    network = Network(layers, "mean_squared_error", rows=9, full_batches=True)
    assert Kernels().whole_network(network) is None
    assert NumbaKernels().whole_network(network) is not None
    assert NumbaKernels().whole_network(replace(network, layers=layers[:2])) is None


def test_results_depend_on_the_packages_that_compute_them():
    assert dict(Kernels().versions) == {}
    assert dict(NumbaKernels().versions) == {"numba": version("numba")}


def test_a_sweep_is_compiled_where_arrays_lie_alike_in_memory(monkeypatch):
    asked = []
    monkeypatch.setattr(sweeps, "adam", lambda *_, **__: asked.append("adam"))
    monkeypatch.setattr(sweeps, "add_gradient", lambda *_: asked.append("gradient"))
    monkeypatch.setattr(sweeps, "let_through", lambda *_: asked.append("relu"))
    square = np.zeros((4, 4))
    for w in (square, square.T):
        kernels = NumbaKernels()
        kernels.add_linear_gradient(w, w, LinearGradient())
        kernels.settle()
        kernels.relu_gradient(w, w)
    NumbaKernels().adam(*[square[0]] * 4, **SWEEPS["adam"][1])
    assert asked == ["gradient", "relu", "adam"]
