"""The penalties on arrays of other libraries than NumPy, and on NumPy's after `nnfs.init()`."""

import subprocess
import sys

import array_api_strict as xp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_activity import ActivityL1, ActivityL2, Decorrelation

PENALTIES = [ActivityL1(on="relu1"), ActivityL2(on="relu1"), Decorrelation(on="relu1")]

penalties = pytest.mark.parametrize("penalty", PENALTIES, ids=str)
dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def outputs(dtype):
    a = np.random.default_rng(0).standard_normal((7, 5)).astype(dtype)
    a[0, :2] = 0.0
    return a


@penalties
@dtypes
def test_values_are_arrays_without_axes_and_those_of_numpy(penalty, dtype):
    a = outputs(dtype)
    value = penalty.value(xp.asarray(a))
    assert (value.shape, value.dtype) == ((), xp.float64)
    assert float(value) == pytest.approx(float(penalty.value(a)), rel=1e-13)


@penalties
@dtypes
def test_gradients_are_those_of_numpy_in_the_arrays_own_type(penalty, dtype):
    a = outputs(dtype)
    gradient = penalty.grad(xp.asarray(a))
    assert gradient.dtype == getattr(xp, dtype)
    assert_allclose(
        np.asarray(gradient), penalty.grad(a), rtol=1e-12 if dtype[5:] == "64" else 1e-6
    )


AFTER_NNFS = """
import nnfs, numpy as np
from regkit_activity import ActivityL1, ActivityL2, Decorrelation
a = np.random.default_rng(0).standard_normal((7, 5))
penalties = [one(on="relu1") for one in (ActivityL1, ActivityL2, Decorrelation)]
before = [(one.value(a), one.grad(a)) for one in penalties]
nnfs.init()
for one, (value, gradient) in zip(penalties, before):
    assert one.value(a) == value
    assert one.grad(a).dtype == np.float64 and (one.grad(a) == gradient).all()
"""


def test_nothing_changes_after_nnfs_init():
    subprocess.run([sys.executable, "-c", AFTER_NNFS], check=True)
