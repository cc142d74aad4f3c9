"""Sorted L1, against every order of its factors and brute force."""

from itertools import permutations

import numpy as np
import pytest
from regkit_structured import SortedL1
from scipy.optimize import check_grad, minimize
from scipy.stats import norm

from regkit.errors import FieldError

PENALTY = SortedL1()
W = np.random.default_rng(0).normal(size=(2, 2))


def factors(count, q=0.1):
    critical = norm.ppf(1 - q * np.arange(1, count + 1) / (2 * count))
    return critical / critical[0]


@pytest.mark.parametrize("q", [1e-3, 0.1, 0.9])
def test_value_is_the_largest_over_all_orders_of_the_factors(q):
    w = np.random.default_rng(1).normal(size=(2, 3))
    every = [np.abs(w).ravel() @ np.array(one) for one in permutations(factors(6, q))]
    assert SortedL1(q=q).value(w) == pytest.approx(max(every), rel=1e-10)


def test_with_one_weight_it_is_l1():
    assert PENALTY.value(np.array([[-3.0]])) == 3


def test_gradient_is_the_slope_of_the_value():
    w = np.random.default_rng(2).normal(size=(3, 4))
    error = check_grad(
        lambda flat: float(PENALTY.value(flat.reshape(3, 4))),
        lambda flat: PENALTY.grad(flat.reshape(3, 4)).ravel(),
        w.ravel(),
    )
    assert error < 1e-5


def test_gradient_at_ties_is_the_mean_of_their_factors():
    c = factors(4)
    expected = [[(c[1] + c[2]) / 2, -c[0]], [-(c[1] + c[2]) / 2, 0.0]]
    np.testing.assert_allclose(PENALTY.grad(np.array([[1.0, -2.0], [-1.0, 0.0]])), expected)


def test_the_inequality_of_convexity_holds_at_ties_and_zeros():
    w = np.array([[1.0, -1.0, 2.0], [0.0, 0.0, 1.0]])
    gradient = PENALTY.grad(w)
    for x in np.random.default_rng(1).normal(size=(500, 2, 3)) * 2:
        assert PENALTY.value(x) >= PENALTY.value(w) + np.sum(gradient * (x - w)) - 1e-12


@pytest.mark.parametrize("step", [0.0, 1e-3, 0.1, 0.4, 5.0])
def test_prox_is_the_least_point_of_its_objective(step):
    def objective(x):
        return step * PENALTY.value(x.reshape(2, 2)) + 0.5 * np.sum((x - W.ravel()) ** 2)

    options = {"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000}
    starts = [W.ravel(), 0.5 * W.ravel(), np.zeros(4)]
    found = [minimize(objective, x, method="Nelder-Mead", options=options).fun for x in starts]
    assert objective(PENALTY.prox(W, step).ravel()) <= min(found) + 1e-12


def test_prox_makes_sizes_equal_and_zero():
    w = np.array([[1.0, -0.99, 0.98], [0.3, 0.02, -3.0]])
    point = PENALTY.prox(w, 0.4)
    sizes = np.abs(point)
    assert sizes[0, 0] == sizes[0, 1] == sizes[0, 2] > 0
    assert point[1, 1] == 0
    assert np.all(np.sign(point) * np.sign(w) >= 0)


def test_prox_of_step_zero_changes_nothing():
    w = np.array([[0.1, 0.1, 0.1], [0.7, -0.1, 0.3]])
    np.testing.assert_array_equal(PENALTY.prox(w, 0.0), w)


def test_nan_gives_nan():
    w = np.array([[np.nan, 1.0]])
    assert np.isnan(PENALTY.value(w))
    assert np.isnan(PENALTY.grad(w)[0, 0])
    assert np.all(np.isnan(PENALTY.prox(w, 0.1)))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty_arrays_cost_nothing(shape):
    w = np.zeros(shape)
    assert PENALTY.value(w) == PENALTY.dual_norm(w) == PENALTY.subgradient_distance(w, w) == 0
    assert PENALTY.grad(w).shape == PENALTY.prox(w, 0.1).shape == shape


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1])
def test_q_is_between_0_and_1(q):
    with pytest.raises(FieldError, match="SortedL1: q must be between 0 and 1"):
        SortedL1(q=q)


def test_the_dual_norm_is_where_zero_stops_being_stationary():
    g = np.random.default_rng(3).normal(size=(3, 5))
    threshold = PENALTY.dual_norm(g)
    assert not np.any(PENALTY.prox(-g, threshold * (1 + 1e-14)))
    assert np.any(PENALTY.prox(-g, 0.999 * threshold))


@pytest.mark.parametrize("step", [0.1, 0.5, 2.0])
def test_the_subgradient_distance_vanishes_at_a_proximal_point(step):
    z = np.random.default_rng(4).normal(size=(5, 4))
    x = PENALTY.prox(z, step)
    assert PENALTY.subgradient_distance(x, (x - z) / step) < 1e-14
    assert PENALTY.subgradient_distance(x, 1.5 * (x - z) / step) > 1e-2


def test_the_subgradient_distance_is_to_the_averages_of_all_orders():
    c = factors(2)
    w = np.array([[1.0, -1.0]])
    assert PENALTY.subgradient_distance(w, np.array([[-c[1], c[0]]])) < 1e-15
    # Beyond the segment from (c₁, c₂) to (c₂, c₁): the nearest of its points is an end.
    found = PENALTY.subgradient_distance(w, np.array([[-c[0] - 0.3, c[1] - 0.3]]))
    assert found == pytest.approx(0.3)
