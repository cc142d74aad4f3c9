"""The five on arrays of other libraries than NumPy, and on NumPy's after `nnfs.init()`."""

import subprocess
import sys

import array_api_strict as xp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_constraints import Box, MaxNorm, NonNegative, Simplex, UnitNorm

ALL = [
    MaxNorm(radius=1.0),
    MaxNorm(radius=1.0, groups="outgoing"),
    UnitNorm(),
    Simplex(),
    NonNegative(),
    Box(low=-0.3, high=0.7),
]
constraints = pytest.mark.parametrize("constraint", ALL, ids=str)


def entries(dtype):
    w = np.random.default_rng(0).normal(size=(7, 5)).astype(dtype)
    w[:, 1] = 0
    w[:, 2] /= 10
    return w


@constraints
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_projections_are_those_of_numpy(constraint, dtype):
    w = entries(dtype)
    point = constraint.prox(xp.asarray(w), 1.0)
    assert point.dtype == getattr(xp, dtype)
    rtol = 4 * np.finfo(dtype).eps
    assert_allclose(np.asarray(point), constraint.prox(w, 1.0), rtol=rtol)
    assert np.asarray(constraint.prox(point, 1.0)).tobytes() == np.asarray(point).tobytes()


@constraints
def test_a_device_without_float64_gets_float32(constraint):
    w = entries("float32")
    point = constraint.prox(xp.asarray(w, device=xp.Device("no_float64")), 1.0)
    assert point.dtype == xp.float32
    there = np.asarray(point.to_device(xp.Device("CPU_DEVICE")))
    assert_allclose(there, constraint.prox(w, 1.0), rtol=1e-5, atol=1e-7)


AFTER_NNFS_INIT = """
import nnfs, numpy as np
from regkit_constraints import Box, MaxNorm, NonNegative, Simplex, UnitNorm

w = np.random.RandomState(0).standard_normal((40, 30))
w[0] = 0

def results():
    for constraint in (Box(), MaxNorm(radius=1.0), NonNegative(), Simplex(), UnitNorm()):
        point = constraint.prox(w, 1.0)
        assert point.dtype == np.float64
        yield point.tobytes()

before = list(results())
nnfs.init()
assert np.zeros(1).dtype == np.float32
assert list(results()) == before
"""


def test_nothing_changes_after_somebody_called_nnfs_init():
    """In a process of its own, since `nnfs.init()` replaces NumPy's functions for good."""
    done = subprocess.run([sys.executable, "-c", AFTER_NNFS_INIT], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
