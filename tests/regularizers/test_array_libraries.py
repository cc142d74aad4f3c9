"""L1, L2 and the elastic net on arrays of other libraries than NumPy."""

import array_api_strict as xp
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import regkit as rk

PENALTIES = [
    rk.L1(),
    rk.L1(at_zero=-0.25),
    rk.L1(at_zero=0.0),
    rk.L2(),
    rk.ElasticNet(l1_ratio=0.3),
    rk.ElasticNet(l1_ratio=0.0),
    rk.ElasticNet(l1_ratio=1.0),
]
penalties = pytest.mark.parametrize("penalty", PENALTIES, ids=str)
dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def entries(dtype):
    """Random numbers, zeros of both signs among them."""
    w = np.random.default_rng(0).standard_normal((7, 5)).astype(dtype)
    w[0, :2], w[1, 3] = 0.0, -0.0
    return w


def as_numpy(array):
    return np.asarray(array)


@penalties
@dtypes
def test_values_are_arrays_without_axes_and_those_of_numpy(penalty, dtype):
    w = entries(dtype)
    value = penalty.value(xp.asarray(w))
    assert (value.shape, value.dtype) == ((), xp.float64)
    assert float(value) == pytest.approx(penalty.value(w), rel=1e-14)


@penalties
@dtypes
def test_gradients_are_those_of_numpy_in_the_arrays_own_type(penalty, dtype):
    w = entries(dtype)
    gradient = penalty.grad(xp.asarray(w))
    assert gradient.dtype == getattr(xp, dtype)
    assert_allclose(as_numpy(gradient), penalty.grad(w), rtol=2 * np.finfo(dtype).eps)


@penalties
@dtypes
@pytest.mark.parametrize("own_steps", [False, True])
def test_proximal_points_are_those_of_numpy(penalty, dtype, own_steps):
    w = entries(dtype)
    rng = np.random.default_rng(1)
    step = (10 ** rng.uniform(-8, 6, w.shape)).astype(dtype) if own_steps else 0.1
    point = penalty.prox(xp.asarray(w), xp.asarray(step) if own_steps else step)
    assert point.dtype == getattr(xp, dtype)
    assert_array_equal(as_numpy(point), penalty.prox(w, step))


@penalties
def test_measures_of_stationarity_are_those_of_numpy(penalty):
    w, g = entries("float64"), entries("float64")[::-1]
    assert penalty.dual_norm(xp.asarray(g)) == penalty.dual_norm(g)
    strange = penalty.subgradient_distance(xp.asarray(w), xp.asarray(g))
    assert strange == penalty.subgradient_distance(w, g)


@penalties
def test_a_device_without_float64_gets_float32(penalty):
    w = entries("float32")
    there = xp.asarray(w, device=xp.Device("no_float64"))
    value, gradient, point = penalty.value(there), penalty.grad(there), penalty.prox(there, 0.1)
    assert value.dtype == gradient.dtype == point.dtype == xp.float32
    assert value.device == gradient.device == point.device == there.device
    assert float(value) == pytest.approx(penalty.value(w), rel=1e-6)


@penalties
def test_infinite_weights_have_no_gradient_that_is_not_a_number(penalty):
    w = np.array([[np.inf, -np.inf]])
    assert_array_equal(as_numpy(penalty.grad(xp.asarray(w))), penalty.grad(w))
