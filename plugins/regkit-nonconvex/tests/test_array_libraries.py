"""The five on arrays of other libraries than NumPy, and on NumPy's after `nnfs.init()`."""

import subprocess
import sys

import array_api_strict as xp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_nonconvex import MCP, SCAD, CappedL1, LHalf, LogSum

FAMILY = [MCP(gamma=0.7), SCAD(knee=0.3, a=3.7), LogSum(epsilon=0.1), CappedL1(cap=0.4), LHalf()]

family = pytest.mark.parametrize("penalty", FAMILY, ids=str)
dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def entries(dtype):
    w = np.random.default_rng(0).standard_normal((7, 5)).astype(dtype)
    w[0, :2], w[1, 3] = 0.0, -0.0
    return w


@family
@dtypes
def test_values_are_arrays_without_axes_and_those_of_numpy(penalty, dtype):
    w = entries(dtype)
    value = penalty.value(xp.asarray(w))
    assert (value.shape, value.dtype) == ((), xp.float64)
    assert float(value) == pytest.approx(float(penalty.value(w)), rel=1e-14)


@family
@dtypes
def test_gradients_are_those_of_numpy_in_the_arrays_own_type(penalty, dtype):
    w = entries(dtype)
    gradient = penalty.grad(xp.asarray(w))
    assert gradient.dtype == getattr(xp, dtype)
    assert_allclose(np.asarray(gradient), penalty.grad(w), rtol=2 * np.finfo(dtype).eps)


@family
@dtypes
@pytest.mark.parametrize("own_steps", [False, True])
def test_proximal_points_are_those_of_numpy(penalty, dtype, own_steps):
    w = entries(dtype)
    steps = (10 ** np.random.default_rng(1).uniform(-8, 6, w.shape)).astype(dtype)
    step = steps if own_steps else 0.1
    point = penalty.prox(xp.asarray(w), xp.asarray(step) if own_steps else step)
    assert point.dtype == getattr(xp, dtype)
    assert_allclose(np.asarray(point), penalty.prox(w, step), rtol=2 * np.finfo(dtype).eps)


@family
def test_measures_of_stationarity_are_those_of_numpy(penalty):
    w, g = entries("float64"), entries("float64")[::-1]
    assert penalty.dual_norm(xp.asarray(g)) == penalty.dual_norm(g)
    there = penalty.subgradient_distance(xp.asarray(w), xp.asarray(g))
    assert there == pytest.approx(penalty.subgradient_distance(w, g), rel=1e-14)


@family
def test_a_device_without_float64_gets_float32(penalty):
    w = entries("float32")
    there = xp.asarray(w, device=xp.Device("no_float64"))
    value, gradient, point = penalty.value(there), penalty.grad(there), penalty.prox(there, 0.1)
    assert value.dtype == gradient.dtype == point.dtype == xp.float32
    assert value.device == gradient.device == point.device == there.device
    assert float(value) == pytest.approx(float(penalty.value(w)), rel=1e-6)
    assert_allclose(
        np.asarray(point.to_device(xp.Device("CPU_DEVICE"))), penalty.prox(w, 0.1), 1e-5
    )


AFTER_NNFS_INIT = """
import nnfs, numpy as np
from regkit_nonconvex import MCP, SCAD, CappedL1, LHalf, LogSum

w = np.random.RandomState(0).standard_normal((40, 30))
w[0] = 0
steps = np.exp(np.random.RandomState(1).uniform(-9, 9, w.shape))

def results():
    for penalty in (MCP(), SCAD(), LogSum(), CappedL1(), LHalf()):
        arrays = penalty.grad(w), penalty.prox(w, 0.1), penalty.prox(w, steps)
        assert {array.dtype.name for array in arrays} == {"float64"}
        yield from (array.tobytes() for array in arrays)
        yield penalty.value(w), penalty.dual_norm(w), penalty.subgradient_distance(w, w)

before = list(results())
nnfs.init()
assert np.zeros(1).dtype == np.float32
assert list(results()) == before
"""


def test_nothing_changes_after_somebody_called_nnfs_init():
    """In a process of its own, since `nnfs.init()` replaces NumPy's functions for good."""
    done = subprocess.run([sys.executable, "-c", AFTER_NNFS_INIT], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
