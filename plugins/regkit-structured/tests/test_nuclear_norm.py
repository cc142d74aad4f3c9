"""Nuclear norm, against eigenvalues and brute force."""

import numpy as np
import pytest
from regkit_structured import NuclearNorm
from scipy.linalg import sqrtm
from scipy.optimize import check_grad, minimize

PENALTY = NuclearNorm()


def random_matrix(shape, rank=None):
    rng = np.random.default_rng(0)
    if rank is None:
        return rng.normal(size=shape)
    return rng.normal(size=(shape[0], rank)) @ rng.normal(size=(rank, shape[1]))


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (3, 5), (5, 3)])
def test_value_is_the_trace_of_a_matrix_square_root(shape):
    w = random_matrix(shape)
    gram = w @ w.T if shape[0] < shape[1] else w.T @ w
    assert PENALTY.value(w) == pytest.approx(np.trace(sqrtm(gram)).real, rel=1e-10)


@pytest.mark.parametrize("shape", [(1, 4), (3, 5), (5, 3), (4, 4)])
def test_gradient_is_the_slope_of_the_value(shape):
    w = random_matrix(shape)
    error = check_grad(
        lambda flat: PENALTY.value(flat.reshape(shape)),
        lambda flat: PENALTY.grad(flat.reshape(shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-5


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_gradient_at_low_rank_is_the_subgradient_of_least_norm(rank):
    """Its singular values are 1 as often as the rank says and 0 otherwise, and the law holds."""
    w = random_matrix((4, 5), rank)
    gradient = PENALTY.grad(w)
    ones = np.linalg.svd(gradient, compute_uv=False)
    np.testing.assert_allclose(ones, [1] * rank + [0] * (4 - rank), atol=1e-12)
    for x in np.random.default_rng(1).normal(size=(200, 4, 5)):
        assert PENALTY.value(x) >= PENALTY.value(w) + np.sum(gradient * (x - w)) - 1e-12


@pytest.mark.parametrize("step", [0.0, 1e-3, 0.4, 1.0, 5.0])
def test_prox_is_the_least_point_of_its_objective(step):
    w = random_matrix((2, 2))

    def objective(x):
        return step * PENALTY.value(x.reshape(2, 2)) + 0.5 * np.sum((x - w.ravel()) ** 2)

    options = {"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000}
    starts = [w.ravel(), 0.5 * w.ravel(), np.zeros(4)]
    found = [minimize(objective, x, method="Nelder-Mead", options=options).fun for x in starts]
    assert objective(PENALTY.prox(w, step).ravel()) <= min(found) + 1e-12


def test_prox_lowers_every_singular_value_and_stops_at_zero():
    w = random_matrix((6, 4))
    before = np.linalg.svd(w, compute_uv=False)
    for step in (0.5 * before[-1], before[1], 2 * before[0]):
        after = np.linalg.svd(PENALTY.prox(w, step), compute_uv=False)
        np.testing.assert_allclose(after, np.maximum(before - step, 0), atol=1e-14 * before[0])


def test_prox_of_step_zero_changes_nothing():
    w = random_matrix((6, 4))
    np.testing.assert_array_equal(PENALTY.prox(w, 0.0), w)


def test_nan_and_infinity_give_nan_and_no_error():
    for bad in (np.nan, np.inf):
        w = random_matrix((3, 2))
        w[1, 1] = bad
        assert np.isnan(PENALTY.value(w))
        assert np.all(np.isnan(PENALTY.grad(w)))
        assert np.all(np.isnan(PENALTY.prox(w, 0.1)))


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_homogeneous_at_extreme_scales(scale):
    w = random_matrix((3, 5))
    scaled = (scale * w).astype(np.float32)
    assert PENALTY.value(scaled) == pytest.approx(scale * PENALTY.value(w), rel=1e-6)
    np.testing.assert_allclose(PENALTY.grad(scaled), PENALTY.grad(w), atol=1e-6)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty_arrays_cost_nothing(shape):
    w = np.zeros(shape)
    assert PENALTY.value(w) == 0
    assert PENALTY.grad(w).shape == PENALTY.prox(w, 0.1).shape == shape


def test_the_dual_norm_is_where_zero_stops_being_stationary():
    g = random_matrix((3, 5))
    threshold = PENALTY.dual_norm(g)
    assert threshold == pytest.approx(np.linalg.norm(g, 2), rel=1e-14)
    assert not np.any(PENALTY.prox(-g, threshold * (1 + 1e-14)))
    assert np.any(PENALTY.prox(-g, 0.999 * threshold))


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_the_subgradient_distance_vanishes_at_a_proximal_point(dtype, tolerance):
    z, step = random_matrix((5, 4)).astype(dtype), 1.0
    w = PENALTY.prox(z, step)
    assert 0 < np.linalg.matrix_rank(w, tol=1e-5) < 4
    assert PENALTY.subgradient_distance(w, (w - z) / step) < tolerance
    assert PENALTY.subgradient_distance(w, 1.1 * (w - z) / step) > 1e-2


def test_the_subgradient_distance_at_zero_is_what_singular_values_exceed_one_by():
    w = np.empty((2, 2))
    w[:] = 0
    assert PENALTY.subgradient_distance(w, np.diag([1.5, 0.3])) == pytest.approx(0.5)
    assert PENALTY.subgradient_distance(w, np.diag([1.0, 0.3])) == pytest.approx(0, abs=1e-15)
