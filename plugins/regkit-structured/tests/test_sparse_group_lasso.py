"""Sparse group lasso: between its two parts, and its proximal operator against brute force."""

from types import SimpleNamespace

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso
from regkit_structured import SparseGroupLasso
from scipy.optimize import check_grad, minimize

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


def test_transposed_weights_are_penalized_as_the_same_network():
    penalty = SparseGroupLasso(0.3)
    w = random_weights()
    straight = SimpleNamespace(name="dense1", params={"weights": w})
    turned = SimpleNamespace(name="dense1", params={"weights": w.T.copy()}, output_axis=0)
    assert penalty.penalty(turned) == pytest.approx(penalty.penalty(straight), rel=1e-14)
    np.testing.assert_allclose(
        penalty.penalty_grad(turned)["weights"].T,
        penalty.penalty_grad(straight)["weights"],
        rtol=1e-14,
    )


@pytest.mark.parametrize("ratio", [-0.1, 1.1])
def test_l1_ratio_lies_between_zero_and_one(ratio):
    with pytest.raises(FieldError, match="l1_ratio must be in"):
        SparseGroupLasso(l1_ratio=ratio)
