"""Every penalty of the package on arrays of another library."""

import array_api_strict
import numpy as np
import pytest
from regkit_structured import (
    HoyerSquare,
    NuclearNorm,
    Orthogonal,
    SortedL1,
    SparseGroupLasso,
    SpectralNorm,
    TotalVariation,
)

PENALTIES = [
    HoyerSquare(),
    NuclearNorm(),
    Orthogonal(),
    Orthogonal(vectors="rows"),
    SortedL1(),
    SparseGroupLasso(l1_ratio=0.3),
    SparseGroupLasso(groups="outgoing"),
    SpectralNorm(),
    TotalVariation(),
    TotalVariation(along="neurons"),
]
every = pytest.mark.parametrize("penalty", PENALTIES, ids=str)


def random_matrix(dtype):
    w = np.random.default_rng(0).normal(size=(4, 6)).astype(dtype)
    w[:, 0] = 0
    return w


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_value_and_gradient_agree_with_numpy(penalty, dtype):
    w = random_matrix(dtype)
    other = array_api_strict.asarray(w)
    assert penalty.array_api
    assert penalty.value(other).shape == ()
    assert float(penalty.value(other)) == pytest.approx(float(penalty.value(w)), rel=1e-13)
    gradient = penalty.grad(other)
    assert gradient.dtype == other.dtype
    rounding = 64 * np.finfo(dtype).eps
    np.testing.assert_allclose(np.asarray(gradient), penalty.grad(w), rtol=rounding, atol=rounding)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "penalty", [one for one in PENALTIES if getattr(one, "array_api_prox", False)], ids=str
)
def test_the_proximal_point_agrees_with_numpy(penalty, dtype):
    w = random_matrix(dtype)
    steps = [0.3, 10.0]
    if getattr(penalty, "array_step", False):
        steps.append((10 ** np.random.default_rng(1).uniform(-8, 6, size=w.shape)).astype(dtype))
    rounding = 64 * np.finfo(dtype).eps
    for step in steps:
        same = step if isinstance(step, float) else array_api_strict.asarray(step)
        point = penalty.prox(array_api_strict.asarray(w), same)
        expected = penalty.prox(w, step)
        np.testing.assert_allclose(np.asarray(point), expected, rtol=rounding, atol=rounding)


@every
def test_the_zero_matrix(penalty):
    other = array_api_strict.zeros((3, 2))
    assert np.all(np.isfinite(np.asarray(penalty.grad(other))))
    assert np.isfinite(float(penalty.value(other)))
