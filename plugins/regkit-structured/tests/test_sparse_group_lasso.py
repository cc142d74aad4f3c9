"""Sparse group lasso: between its two parts, and its proximal operator against brute force."""

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso
from regkit_structured import SparseGroupLasso
from scipy.optimize import brentq, check_grad, minimize

from regkit import L1
from regkit.errors import FieldError


def random_weights(shape=(4, 6)):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
def test_its_ends_are_the_group_lasso_and_l1(groups):
    w = random_weights()
    for ratio, end in [(0.0, GroupLasso(groups=groups)), (1.0, L1())]:
        penalty = SparseGroupLasso(groups=groups, l1_ratio=ratio)
        assert penalty.value(w) == pytest.approx(end.value(w), rel=1e-15)
        np.testing.assert_array_equal(penalty.grad(w), end.grad(w))
        np.testing.assert_array_equal(penalty.prox(w, 0.4), end.prox(w, 0.4))


def test_value_by_hand():
    w = np.array([[3.0, 0.0], [-4.0, 2.0]])
    by_hand = 0.25 * 9 + 0.75 * np.sqrt(2) * (5 + 2)
    assert SparseGroupLasso(l1_ratio=0.25).value(w) == pytest.approx(by_hand, rel=1e-15)


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
def test_gradient_is_the_slope_of_the_value(groups):
    penalty = SparseGroupLasso(groups=groups, l1_ratio=0.3)
    w = random_weights()
    error = check_grad(
        lambda flat: penalty.value(flat.reshape(w.shape)),
        lambda flat: penalty.grad(flat.reshape(w.shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-6


def test_gradient_is_zero_where_a_weight_is_zero():
    w = random_weights()
    w[:, 1] = 0
    w[2, 3] = -0.0
    np.testing.assert_array_equal(SparseGroupLasso().grad(w) == 0, w == 0)


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
@pytest.mark.parametrize("step", [1e-3, 0.2, 0.7])
def test_prox_is_the_least_point_of_its_objective(groups, step):
    penalty = SparseGroupLasso(groups=groups, l1_ratio=0.4)
    w = np.array([[0.9, 0.1], [-0.2, -0.6]])

    def objective(x):
        return step * penalty.value(x.reshape(2, 2)) + 0.5 * np.sum((x - w.ravel()) ** 2)

    options = {"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000}
    starts = [w.ravel(), 0.5 * w.ravel(), np.zeros(4), penalty.prox(w, step).ravel()]
    found = [minimize(objective, x, method="Nelder-Mead", options=options).fun for x in starts]
    assert objective(penalty.prox(w, step).ravel()) <= min(found) + 1e-12


def test_prox_empties_groups_and_single_weights():
    w = np.array([[0.4, 2.0], [0.3, 0.1]])
    shrunk = SparseGroupLasso(l1_ratio=0.5).prox(w, 0.5)
    np.testing.assert_array_equal(shrunk == 0, [[True, False], [True, True]])


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
@pytest.mark.parametrize("seed", range(20))
def test_prox_with_a_step_for_each_entry_is_the_least_point(groups, seed):
    penalty = SparseGroupLasso(groups=groups, l1_ratio=0.4)
    rng = np.random.default_rng(seed)
    w, steps = rng.normal(size=(2, 2)), 10 ** rng.uniform(-2, 1, size=(2, 2))

    def objective(x):
        return penalty.value(x.reshape(2, 2)) + np.sum((x.reshape(2, 2) - w) ** 2 / (2 * steps))

    point = penalty.prox(w, steps)
    options = {"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000}
    starts = [w.ravel(), 0 * w.ravel(), point.ravel(), rng.normal(size=4)]
    found = [minimize(objective, x, method="Nelder-Mead", options=options).fun for x in starts]
    assert objective(point) <= min(found) + 1e-12


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
def test_prox_at_steps_from_tiny_to_huge_is_stationary(groups):
    """(w − x)/step is a subgradient at x; its distance, relative to the slopes, is rounding."""
    penalty = SparseGroupLasso(groups=groups, l1_ratio=0.4)
    rng = np.random.default_rng(0)
    for _ in range(200):
        w = rng.normal(size=(3, 4)) * 10 ** rng.uniform(-3, 3)
        steps = 10 ** rng.uniform(-6, 6, size=(3, 4))
        x = penalty.prox(w, steps)
        g = (x - w) / steps
        rounding = 64 * np.finfo(float).eps * np.max(np.abs(w) / steps)
        assert penalty.subgradient_distance(x, g) <= 1e-10 + rounding


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
@pytest.mark.parametrize("ratio", [0.0, 0.3, 0.9, 1.0])
def test_the_dual_norm_is_where_zero_stops_being_stationary(groups, ratio):
    penalty = SparseGroupLasso(groups=groups, l1_ratio=ratio)
    for seed in range(20):
        g = np.random.default_rng(seed).standard_cauchy(size=(5, 3))
        threshold = penalty.dual_norm(g)
        assert not np.any(penalty.prox(-1e-3 * g, 1e-3 * threshold * (1 + 1e-12)))
        assert np.any(penalty.prox(-1e-3 * g, 1e-3 * threshold * (1 - 1e-9)))


def test_the_dual_norm_by_bisection():
    g = random_weights((1, 5))
    penalty = SparseGroupLasso(groups="outgoing", l1_ratio=0.35)

    def excess(strength):
        rest = np.maximum(np.abs(g) - 0.35 * strength, 0)
        return np.linalg.norm(rest) - 0.65 * np.sqrt(5) * strength

    assert penalty.dual_norm(g) == pytest.approx(brentq(excess, 0, 10, xtol=1e-15), rel=1e-12)
    assert penalty.dual_norm(np.full_like(g, 0.0)) == 0


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
def test_the_subgradient_distance_by_brute_force(groups):
    """The distance of −g to all sums of a point of a box and a point of a ball."""
    penalty = SparseGroupLasso(groups=groups, l1_ratio=0.4)
    w = np.array([[1.0, 0.0], [0.0, 0.0]])
    g = np.array([[0.3, -1.1], [0.7, 2.0]])
    rows = penalty.rows(g)
    radius = 0.6 * np.sqrt(2)

    def to_empty(row):
        shift = minimize(
            lambda box: max(np.linalg.norm(row + box) - radius, 0), [0, 0], bounds=[(-0.4, 0.4)] * 2
        )
        return shift.fun

    first = np.hypot(rows[0][0] + 0.4 + radius, max(abs(rows[0][1]) - 0.4, 0))
    expected = max(first, to_empty(rows[1]))
    assert penalty.subgradient_distance(w, g) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("ratio", [-0.1, 1.1])
def test_l1_ratio_lies_between_zero_and_one(ratio):
    with pytest.raises(FieldError, match="l1_ratio must be in"):
        SparseGroupLasso(l1_ratio=ratio)
