"""Both kernels' points for L1, L2 and the elastic net, beside the formulas of the penalties."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import regkit as rk
from regkit.kernels.kernels import Kernels
from regkit.kernels.linear_prox import SCRATCH_CHUNK
from regkit.kernels.numba.kernels import NumbaKernels
from regkit.kernels.root_steps import RootSteps

DTYPES = ["float32", "float64"]
PENALTIES = [
    rk.L1(1.0),
    rk.L2(1.0),
    rk.ElasticNet(1.0, l1_ratio=0.7),
    rk.ElasticNet(1.0, l1_ratio=1.0),
]
SHAPES = [(1, 1), (37, 13), (SCRATCH_CHUNK, 1), (SCRATCH_CHUNK + 1, 1), (3, SCRATCH_CHUNK // 2 + 5)]


@pytest.fixture(scope="module", params=[Kernels, NumbaKernels], ids=lambda cls: cls.name)
def kernels(request):
    """One object for all tests: its memory is used again."""
    return request.param()


def drawn(shape, dtype):
    """Weights of both signs and both zeros, and the steps of living and dead entries."""
    rng = np.random.default_rng(shape[0])
    w = rng.standard_normal(shape).astype(dtype)
    w.reshape(-1)[5:9] = [0.0, -0.0, 1e-30, -1e-30][: w.size - 5 if w.size > 5 else 0]
    cache = (rng.standard_normal(shape) ** 2).astype(dtype)
    cache[rng.random(shape) < 0.1] = 0
    return w, RootSteps(cache, lr=0.02, scale=0.3, epsilon=1e-3)


def points(kernels, w, steps, penalty, strength):
    out = np.full_like(w, np.nan)
    kernels.linear_prox(w, out, steps, strength * penalty.linear_gradient)
    return out


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_a_point_is_that_of_the_penalty(kernels, penalty, dtype, shape):
    w, steps = drawn(shape, dtype)
    given = w.copy()
    expected = penalty.prox(w, 0.7 * steps.array())
    found = points(kernels, w, steps, penalty, 0.7)
    assert found.dtype == w.dtype
    assert_array_equal(found == 0, expected == 0)
    assert_allclose(found, expected, rtol=0, atol=4 * np.finfo(dtype).eps * np.abs(w).max())
    assert_array_equal(w, given)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_in_place_it_is_the_same(kernels, penalty, dtype):
    w, steps = drawn((37, 13), dtype)
    expected = points(kernels, w, steps, penalty, 0.7)
    kernels.linear_prox(w, w, steps, 0.7 * penalty.linear_gradient)
    assert_array_equal(w, expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_both_kernels_agree_to_the_bit(penalty, dtype):
    w, steps = drawn((370, 13), dtype)
    plain, ours = (points(cls(), w, steps, penalty, 0.7) for cls in (Kernels, NumbaKernels))
    assert_array_equal(ours, plain)


@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_what_is_not_finite_spoils_nothing_else(kernels, penalty):
    w = np.array([1.0, np.nan, np.inf, -2.0, 3.0])
    steps = RootSteps(np.array([1.0, 1.0, 1.0, np.inf, np.nan]), lr=0.1, scale=1.0, epsilon=1e-7)
    with np.errstate(invalid="ignore"):
        found = points(kernels, w, steps, penalty, 1.0)
    assert 0 < found[0] < 1
    assert np.isnan(found[[1, 4]]).all()
    assert found[2] == np.inf
    assert found[3] == -2  # A step of 0 moves nothing.
