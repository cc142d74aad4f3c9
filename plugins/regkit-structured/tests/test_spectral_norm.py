"""The spectral norm, against NumPy's norms and the conditions of a proximal point."""

import numpy as np
import pytest
from regkit_structured import SpectralNorm
from scipy.optimize import check_grad

PENALTY = SpectralNorm()


def random_matrix(shape=(3, 5)):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (3, 5), (5, 3)])
def test_value_is_the_operator_norm(shape):
    w = random_matrix(shape)
    assert PENALTY.value(w) == pytest.approx(np.linalg.norm(w, 2), rel=1e-14)


@pytest.mark.parametrize("shape", [(1, 4), (3, 5), (5, 3), (4, 4)])
def test_gradient_is_the_slope_of_the_value(shape):
    w = random_matrix(shape)
    error = check_grad(
        lambda flat: float(PENALTY.value(flat.reshape(shape))),
        lambda flat: PENALTY.grad(flat.reshape(shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-5


def test_where_singular_values_tie_the_gradient_is_a_subgradient():
    w = np.linalg.qr(random_matrix((5, 3)))[0]
    gradient = PENALTY.grad(w)
    np.testing.assert_allclose(gradient, w / 3, atol=1e-15)
    for x in np.random.default_rng(1).normal(size=(200, 5, 3)):
        assert PENALTY.value(x) >= PENALTY.value(w) + np.sum(gradient * (x - w)) - 1e-12
    assert not PENALTY.grad(np.zeros((3, 2))).any()


@pytest.mark.parametrize("step", [1e-6, 1e-3, 0.4, 1.0, 3.0, 50.0])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (6, 4)])
def test_prox_meets_the_conditions_of_a_proximal_point(shape, step):
    """z − x is step times a subgradient: in the dual ball, and aligned with x."""
    z = random_matrix(shape)
    x = PENALTY.prox(z, step)
    left = (z - x) / step
    assert np.linalg.norm(left, "nuc") <= 1 + 1e-9 / step
    assert np.sum(left * x) == pytest.approx(np.linalg.norm(x, 2), rel=1e-9, abs=1e-12)


def test_prox_cuts_the_largest_singular_values_to_one_height():
    singular = np.linalg.svd(PENALTY.prox(np.diag([5.0, 4.0, 1.0]), 3.0), compute_uv=False)
    np.testing.assert_allclose(singular, [3, 3, 1])
    assert not PENALTY.prox(np.diag([5.0, 4.0, 1.0]), 10.0).any()


def test_prox_of_step_zero_changes_nothing():
    w = random_matrix()
    np.testing.assert_array_equal(PENALTY.prox(w, 0.0), w)


def test_nan_and_infinity_give_nan_and_no_error():
    for bad in (np.nan, np.inf):
        w = random_matrix()
        w[1, 1] = bad
        assert np.isnan(PENALTY.value(w))
        assert np.all(np.isnan(PENALTY.grad(w)))
        assert np.all(np.isnan(PENALTY.prox(w, 0.1)))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty_arrays_cost_nothing(shape):
    w = np.zeros(shape)
    assert PENALTY.value(w) == PENALTY.dual_norm(w) == PENALTY.subgradient_distance(w, w) == 0
    assert PENALTY.grad(w).shape == PENALTY.prox(w, 0.1).shape == shape


def test_the_dual_norm_is_where_zero_stops_being_stationary():
    g = random_matrix()
    threshold = PENALTY.dual_norm(g)
    assert threshold == pytest.approx(np.linalg.norm(g, "nuc"), rel=1e-14)
    assert not np.any(PENALTY.prox(-g, threshold * (1 + 1e-14)))
    assert np.any(PENALTY.prox(-g, 0.999 * threshold))


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-5)])
@pytest.mark.parametrize("step", [0.3, 3.0, 100.0])
def test_the_subgradient_distance_vanishes_at_a_proximal_point(step, dtype, tolerance):
    z = random_matrix((5, 4)).astype(dtype)
    x = PENALTY.prox(z, step)
    assert PENALTY.subgradient_distance(x, (x - z) / step) < tolerance
    if step < 10:
        assert PENALTY.subgradient_distance(x, 1.5 * (x - z) / step) > 1e-2


def test_the_subgradient_distance_at_zero_is_what_lies_outside_of_the_dual_ball():
    zero = np.zeros((2, 2))
    assert PENALTY.subgradient_distance(zero, np.diag([1.5, 0.3])) == pytest.approx(0.5)
    assert PENALTY.subgradient_distance(zero, np.diag([0.6, 0.3])) < 1e-15
