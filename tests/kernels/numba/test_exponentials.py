"""exp and tanh of the kernels, beside NumPy's in a longer type."""

import numpy as np
import pytest

from regkit.kernels.numba.blocks import STRIDE
from regkit.kernels.numba.exponentials import exponentials, tanh

DTYPES = [np.float32, np.float64]


def exp_of(x, top=0.0):
    row = x.copy()
    powers = np.full_like(x, np.nan)
    exponentials(row, np.full_like(x, top), powers, powers.view(f"i{x.itemsize}"), len(x))
    return row


def tanh_of(x):
    row, powers, signs = x.copy(), np.full_like(x, np.nan), np.full_like(x, np.nan)
    to = np.full_like(x, np.nan)
    bits = powers.view(f"i{x.itemsize}")
    tanh(row, to, powers, bits, signs, len(x))
    assert np.array_equal(row, x, equal_nan=True)
    tanh(row, row, powers, bits, signs, len(x))
    assert np.array_equal(row, to, equal_nan=True)
    return to


def roundings_off(found, x, exact):
    expected = exact(x.astype(np.longdouble))
    return float(np.max(np.abs(found / expected - 1)) / np.finfo(x.dtype).eps)


@pytest.mark.parametrize("dtype", DTYPES)
def test_exp_is_right_to_two_roundings(dtype):
    lowest = -87 if dtype is np.float32 else -708
    x = np.concatenate([np.linspace(lowest, 0, STRIDE), -np.logspace(-30, 0, STRIDE)]).astype(dtype)
    assert roundings_off(exp_of(x), x, np.exp) < 2
    assert np.array_equal(exp_of(x[x > lowest] + 3, 3), exp_of((x[x > lowest] + 3) - 3))


@pytest.mark.parametrize("dtype", DTYPES)
def test_tanh_is_right_to_four_roundings_however_small(dtype):
    magnitudes = np.concatenate([np.logspace(-30, 2, STRIDE), np.linspace(0.01, 30, STRIDE)])
    x = np.concatenate([magnitudes, -magnitudes]).astype(dtype)
    assert roundings_off(tanh_of(x), x, np.tanh) < 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_ends_of_the_line(dtype):
    ends = np.array([-np.inf, -1e30, -0.0, 0.0, np.nan], dtype)
    found = exp_of(ends)
    assert np.array_equal(found[2:], [1, 1, np.nan], equal_nan=True)
    assert (found[:2] >= 0).all()
    assert (found[:2] < 1e-37).all()
    found = tanh_of(np.array([-np.inf, np.inf, -0.0, 0.0, np.nan], dtype))
    assert np.array_equal(found, [-1, 1, 0, 0, np.nan], equal_nan=True)
    assert np.signbit(found[2])
