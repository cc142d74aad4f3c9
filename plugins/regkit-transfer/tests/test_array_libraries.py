"""The three on arrays of other libraries than NumPy, and on NumPy's after `nnfs.init()`."""

import subprocess
import sys

import array_api_strict as xp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_transfer import EWC, L2SP, AdaptiveLasso

dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


@pytest.fixture(params=["l2_sp", "ewc", "adaptive_lasso"])
def penalty(request, arrays):
    if request.param == "ewc":
        return EWC(reference=arrays["weights"], importance=arrays["importance"])
    cls = L2SP if request.param == "l2_sp" else AdaptiveLasso
    return cls(reference=arrays["weights"])


def entries(dtype):
    w = np.random.default_rng(3).normal(size=(7, 5)).astype(dtype)
    w[0, :2], w[1, 3] = 0.0, -0.0
    return w


@dtypes
def test_values_and_gradients_are_those_of_numpy(penalty, dtype):
    w = entries(dtype)
    value, gradient = penalty.value(xp.asarray(w)), penalty.grad(xp.asarray(w))
    assert (value.shape, value.dtype) == ((), xp.float64)
    assert float(value) == pytest.approx(float(penalty.value(w)), rel=1e-14)
    assert gradient.dtype == getattr(xp, dtype)
    assert_allclose(np.asarray(gradient), penalty.grad(w), rtol=2 * np.finfo(dtype).eps)


@dtypes
@pytest.mark.parametrize("own_steps", [False, True])
def test_proximal_points_are_those_of_numpy(penalty, dtype, own_steps):
    w = entries(dtype)
    steps = (10 ** np.random.default_rng(1).uniform(-8, 6, w.shape)).astype(dtype)
    step = steps if own_steps else 0.1
    point = penalty.prox(xp.asarray(w), xp.asarray(step) if own_steps else step)
    assert point.dtype == getattr(xp, dtype)
    assert_allclose(np.asarray(point), penalty.prox(w, step), rtol=2 * np.finfo(dtype).eps)


def test_measures_of_stationarity_are_those_of_numpy(penalty):
    w, g = entries("float64"), entries("float64")[::-1]
    there = penalty.subgradient_distance(xp.asarray(w), xp.asarray(g))
    assert there == pytest.approx(penalty.subgradient_distance(w, g), rel=1e-14)


def test_the_reference_goes_to_the_device_of_the_weights(penalty):
    w = entries("float32")
    there = xp.asarray(w, device=xp.Device("no_float64"))
    value, gradient, point = penalty.value(there), penalty.grad(there), penalty.prox(there, 0.1)
    assert value.dtype == gradient.dtype == point.dtype == xp.float32
    assert value.device == gradient.device == point.device == there.device
    assert float(value) == pytest.approx(float(penalty.value(w)), rel=1e-6)


AFTER_NNFS_INIT = """
import nnfs, numpy as np, sys
from regkit_transfer import EWC, L2SP, AdaptiveLasso

w = np.random.RandomState(3).standard_normal((7, 5))
steps = np.exp(np.random.RandomState(1).uniform(-9, 9, w.shape))
reference, importance = (f"{sys.argv[1]}:{name}" for name in ("weights", "importance"))

def results():
    for penalty in (
        L2SP(reference=reference),
        EWC(reference=reference, importance=importance),
        AdaptiveLasso(reference=reference),
    ):
        arrays = penalty.grad(w), penalty.prox(w, 0.1), penalty.prox(w, steps)
        assert {array.dtype.name for array in arrays} == {"float64"}
        yield from (array.tobytes() for array in arrays)
        yield float(penalty.value(w)), penalty.subgradient_distance(w, w)

before = list(results())
nnfs.init()
assert np.zeros(1).dtype == np.float32
assert list(results()) == before
"""


def test_nothing_changes_after_somebody_called_nnfs_init(arrays):
    """In a process of its own, since `nnfs.init()` replaces NumPy's functions for good."""
    path = str(arrays["weights"].path)
    done = subprocess.run(
        [sys.executable, "-c", AFTER_NNFS_INIT, path], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
