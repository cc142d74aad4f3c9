"""Group MCP: where a group is free, its gradient, and its proximal operator."""

import math

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso, GroupMCP
from scipy.optimize import check_grad, minimize

from regkit.errors import FieldError

BOTH = [GroupMCP(groups="incoming", gamma=0.7), GroupMCP(groups="outgoing", gamma=0.7)]
both = pytest.mark.parametrize("penalty", BOTH, ids=lambda penalty: penalty.groups)


def random_weights(shape=(4, 6)):
    return np.random.default_rng(0).normal(size=shape)


def in_groups(penalty, w):
    """The same array with its groups as rows."""
    return w.T if penalty.groups == "incoming" else w


def test_value_by_hand():
    w = np.array([[3.0, 0.3], [4.0, 0.4]])
    # γ√p = 2√2: the first group is free, the second is not.
    root, free = math.sqrt(2), 2 * math.sqrt(2)
    by_hand = root * (free / 2) + root * (0.5 - 0.25 / (2 * free))
    assert GroupMCP(gamma=2.0).value(w) == pytest.approx(by_hand, rel=1e-14)


def test_the_published_form_with_its_own_lambda_and_gamma():
    """MCP(‖group‖; λ√p, γ) of Breheny & Huang, whose γ is this one divided by λ."""
    w = random_weights()
    strength, gamma = 0.3, 4.0

    def published(norm, own):
        free = gamma * own
        return own * norm - norm**2 / (2 * gamma) if norm <= free else gamma * own**2 / 2

    expected = sum(published(norm, strength * math.sqrt(4)) for norm in np.linalg.norm(w, axis=0))
    found = strength * GroupMCP(gamma=gamma * strength).value(w)
    assert found == pytest.approx(expected, rel=1e-14)


def test_groups_of_one_weight_are_mcp():
    w = np.array([[0.25, 1.0, -4.0]])
    assert GroupMCP(gamma=2.0).value(w) == pytest.approx(1.984375, rel=1e-15)
    np.testing.assert_allclose(GroupMCP(gamma=2.0).prox(w, 0.5), [[0, 2 / 3, -4]], rtol=1e-15)


def test_a_large_gamma_is_the_group_lasso():
    w = random_weights()
    assert GroupMCP(gamma=1e9).value(w) == pytest.approx(GroupLasso().value(w), rel=1e-8)


@both
def test_gradient_is_the_slope_of_the_value(penalty):
    w = random_weights()
    norms = np.linalg.norm(in_groups(penalty, w), axis=1)
    free = norms > penalty.gamma * math.sqrt(in_groups(penalty, w).shape[1])
    assert 0 < np.count_nonzero(free) < len(free)
    error = check_grad(
        lambda flat: penalty.value(flat.reshape(w.shape)),
        lambda flat: penalty.grad(flat.reshape(w.shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-6
    np.testing.assert_array_equal(in_groups(penalty, penalty.grad(w))[free], 0)


@both
@pytest.mark.parametrize("step", [1e-3, 0.3, 0.69, 0.7])
def test_prox_is_the_least_point_of_its_objective(penalty, step):
    w = random_weights((2, 2))

    def objective(x):
        return step * penalty.value(x.reshape(2, 2)) + 0.5 * np.sum((x - w.ravel()) ** 2)

    starts = [w.ravel(), 0.5 * w.ravel(), np.array([0.0, 0, 0, 0])]
    options = {"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000}
    found = [minimize(objective, x, method="Nelder-Mead", options=options).fun for x in starts]
    assert objective(penalty.prox(w, step).ravel()) <= min(found) + 1e-12


@both
@pytest.mark.parametrize("step", [1e-3, 0.3, 0.69])
def test_an_array_of_equal_steps_is_one_step(penalty, step):
    w = random_weights()
    found = penalty.prox(w, np.full_like(w, step))
    np.testing.assert_allclose(found, penalty.prox(w, step), rtol=1e-12, atol=1e-15)


@both
@pytest.mark.parametrize("step", [1.0, 10.0, 1e6])
def test_beyond_gamma_an_array_of_steps_thresholds_hard(penalty, step):
    """0 costs ‖w‖²/2, w itself step · γp/2: the root of twice that divides them."""
    w = random_weights() * np.sqrt(step)
    norms = np.linalg.norm(in_groups(penalty, w), axis=1, keepdims=True)
    size = in_groups(penalty, w).shape[1]
    kept = norms > np.sqrt(step * penalty.gamma * size)
    found = in_groups(penalty, penalty.prox(w, np.full_like(w, step)))
    np.testing.assert_array_equal(found, np.where(kept, in_groups(penalty, w), 0))


def test_a_single_step_beyond_gamma_is_refused():
    assert GroupMCP(gamma=0.7).max_step == 0.7
    with pytest.raises(FieldError, match=r"defined up to 0\.7"):
        GroupMCP(gamma=0.7).require_legal(0.8)


@both
def test_nan_stays_in_its_group(penalty):
    w = random_weights()
    w[0, 0] = np.nan
    assert np.isnan(penalty.value(w))
    for result in (penalty.grad(w), penalty.prox(w, 0.3), penalty.prox(w, 0 * w + 0.3)):
        assert np.all(np.isnan(in_groups(penalty, result)[0]))
    assert not np.any(np.isnan(in_groups(penalty, penalty.prox(w, 0.3))[1:]))
