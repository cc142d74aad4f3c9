"""exp and tanh of the kernels, beside NumPy's in a longer type."""

import numpy as np
import pytest

from regkit.kernels.numba.blocks import STRIDE
from regkit.kernels.numba.exponentials import exponentials, tanh

DTYPES = [np.float32, np.float64]


def computed(function, x, rows):
    """What a kernel makes of a row, with so many rows to compute in besides."""
    row = x.copy()
    scratch = np.full((rows, len(x)), np.nan, x.dtype)
    bits = scratch[0].view(f"i{x.itemsize}")
    function(row, scratch[0], bits, *scratch[1:], len(row))
    return row


def roundings_off(found, x, exact):
    expected = exact(x.astype(np.longdouble))
    return float(np.max(np.abs(found / expected - 1)) / np.finfo(x.dtype).eps)


@pytest.mark.parametrize("dtype", DTYPES)
def test_exp_is_right_to_two_roundings(dtype):
    lowest = -87 if dtype is np.float32 else -708
    x = np.concatenate([np.linspace(lowest, 0, STRIDE), -np.logspace(-30, 0, STRIDE)]).astype(dtype)
    assert roundings_off(computed(exponentials, x, 1), x, np.exp) < 2


@pytest.mark.parametrize("dtype", DTYPES)
def test_tanh_is_right_to_four_roundings_however_small(dtype):
    magnitudes = np.concatenate([np.logspace(-30, 2, STRIDE), np.linspace(0.01, 30, STRIDE)])
    x = np.concatenate([magnitudes, -magnitudes]).astype(dtype)
    assert roundings_off(computed(tanh, x, 2), x, np.tanh) < 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_ends_of_the_line(dtype):
    ends = np.array([-np.inf, -1e30, -0.0, 0.0, np.nan], dtype)
    found = computed(exponentials, ends, 1)
    assert np.array_equal(found[2:], [1, 1, np.nan], equal_nan=True)
    assert (found[:2] >= 0).all()
    assert (found[:2] < 1e-37).all()
    found = computed(tanh, np.array([-np.inf, np.inf, -0.0, 0.0, np.nan], dtype), 2)
    assert np.array_equal(found, [-1, 1, 0, 0, np.nan], equal_nan=True)
    assert np.signbit(found[2])
