"""The compiled sweeps compute what the formulas say, entry by entry."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk
from regkit.kernels.kernels import Kernels
from regkit.kernels.numba.kernels import NumbaKernels

DTYPES = [np.float32, np.float64]
BUILT_IN = [
    rk.L1(0.3),
    rk.L1(0.3, at_zero=0.0),
    rk.L1(0.3, at_zero=-0.5),
    rk.L2(0.2),
    rk.ElasticNet(0.4, l1_ratio=0.7),
    rk.ElasticNet(0.4, l1_ratio=0.0),
]


def tolerance(dtype):
    return 16 * np.finfo(dtype).eps


@pytest.fixture(params=DTYPES, ids=lambda dtype: dtype.__name__)
def w(request):
    w = np.random.default_rng(0).standard_normal((41, 13)).astype(request.param)
    w[0, :4] = 0.0, -0.0, 1e-30, -1e-30
    return w


@pytest.mark.parametrize("regularizer", BUILT_IN, ids=str)
def test_a_built_in_gradient_is_the_formula_s(regularizer, w):
    w.flags.writeable = False
    out = np.full_like(w, 0.125)
    kernels = NumbaKernels()
    kernels.add_linear_gradient(w, out, 1.5 * regularizer.linear_gradient)
    kernels.settle()
    assert_allclose(out, 0.125 + 1.5 * regularizer.grad(w), rtol=0, atol=tolerance(w.dtype))


@pytest.mark.parametrize("regularizer", BUILT_IN, ids=str)
def test_a_strided_gradient_is_numpy_s(regularizer, w):
    ours, plain = np.zeros((*w.shape, 2), w.dtype), np.zeros_like(w)
    NumbaKernels().add_linear_gradient(w, ours[..., 0], regularizer.linear_gradient)
    Kernels().add_linear_gradient(w, plain, regularizer.linear_gradient)
    assert np.array_equal(ours[..., 0], plain)
    assert not ours[..., 1].any()


@pytest.mark.parametrize("dtype", DTYPES)
def test_adam_is_the_formula_computed_number_by_number(dtype):
    rng = np.random.default_rng(1)
    params, grads, momentum, cache = (rng.random(9).astype(dtype) for _ in range(4))
    expected = []
    for w, grad, m, v in zip(*(a.tolist() for a in (params, grads, momentum, cache)), strict=True):
        m, v = 0.9 * m + grad, 0.99 * v + grad**2
        expected.append((w - 0.1 * m / (math.sqrt(v) + 1e-7), m, v))
    NumbaKernels().adam(
        params, grads, momentum, cache, beta_1=0.9, beta_2=0.99, lr=0.1, epsilon=1e-7
    )
    assert_allclose(
        np.column_stack([params, momentum, cache]), expected, rtol=tolerance(dtype), atol=0
    )
    assert params.dtype == momentum.dtype == cache.dtype == dtype


def test_what_is_not_a_number_stays_so():
    params, grads = np.ones(3, np.float32), np.array([np.nan, np.inf, 1], np.float32)
    moments = np.zeros(3, np.float32), np.zeros(3, np.float32)
    NumbaKernels().adam(params, grads, *moments, beta_1=0.9, beta_2=0.99, lr=0.1, epsilon=1e-7)
    assert np.isnan(params[:2]).all()
    assert np.isfinite(params[2])
