"""What penalties on groups share: how far from stationary, and other array libraries."""

import math
from types import SimpleNamespace

import array_api_strict
import numpy as np
import pytest
from regkit_group_lasso import GroupLasso, GroupMCP
from scipy.optimize import minimize

PENALTIES = [
    GroupLasso(),
    GroupLasso(groups="outgoing"),
    GroupMCP(gamma=0.5),
    GroupMCP(gamma=3.0, groups="outgoing"),
]
every = pytest.mark.parametrize("penalty", PENALTIES, ids=str)


def random_weights(seed=0, shape=(4, 6)):
    return np.random.default_rng(seed).normal(size=shape)


@every
def test_the_dual_norm_is_where_zero_stops_being_stationary(penalty):
    """There and above it, a proximal gradient step from 0 stays at 0."""
    g = random_weights()
    threshold = penalty.dual_norm(g)
    step = 1e-3
    assert not np.any(penalty.prox(-step * g, step * threshold * (1 + 1e-12)))
    assert np.any(penalty.prox(-step * g, step * threshold * (1 - 1e-6)))


def test_the_dual_norm_of_the_group_lasso_is_its_dual_norm():
    """The largest ⟨g, w⟩ over all w of penalty 1."""
    g = random_weights(shape=(2, 3))
    penalty = GroupLasso()

    def quotient(flat):
        return -np.sum(g.ravel() * flat) / penalty.value(flat.reshape(2, 3))

    starts = [np.where(np.arange(3) == i, g, 0.01).ravel() for i in range(3)]
    assert penalty.dual_norm(g) == pytest.approx(
        max(
            -minimize(quotient, x, method="Nelder-Mead", options={"maxiter": 4000}).fun
            for x in starts
        ),
        rel=1e-4,
    )


@every
def test_the_subgradient_distance_vanishes_at_a_proximal_point(penalty):
    """w = prox(z, step) is stationary for the loss ‖w − z‖²/2step, of gradient (w − z)/step."""
    z, step = random_weights(1), 0.3
    z[:, 0] *= 0.1
    z[1] *= 0.1
    w = penalty.prox(z, step)
    norms = np.linalg.norm(penalty.rows(w), axis=1)
    assert 0 < np.count_nonzero(norms) < len(norms)
    assert penalty.subgradient_distance(w, (w - z) / step) < 1e-14
    assert penalty.subgradient_distance(w, 1.1 * (w - z) / step) > 1e-3


def test_the_subgradient_distance_is_the_largest_over_groups():
    w = np.array([[3.0, 0.0, 0.0], [4.0, 0.0, 0.0]])
    g = np.array([[0.0, 3.0, 0.1], [0.0, 4.0, 0.1]])
    root = math.sqrt(2)
    assert GroupLasso().subgradient_distance(w, g) == pytest.approx(max(root, 5 - root))
    assert GroupLasso().subgradient_distance(w, g / 5) == pytest.approx(root)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_other_array_libraries_agree_with_numpy(penalty, dtype):
    w = random_weights().astype(dtype)
    w[:, 0] = 0
    steps = (10 ** np.random.default_rng(1).uniform(-8, 6, size=w.shape)).astype(dtype)
    other, other_steps = array_api_strict.asarray(w), array_api_strict.asarray(steps)
    assert penalty.value(other).shape == ()
    assert float(penalty.value(other)) == pytest.approx(float(penalty.value(w)), rel=1e-14)
    rounding = 8 * np.finfo(dtype).eps
    pairs = [
        (penalty.grad(other), penalty.grad(w)),
        (penalty.prox(other, 0.3), penalty.prox(w, 0.3)),
        (penalty.prox(other, other_steps), penalty.prox(w, steps)),
    ]
    for found, expected in pairs:
        assert found.dtype == other.dtype
        np.testing.assert_allclose(np.asarray(found), expected, rtol=rounding, atol=rounding)


@every
def test_other_shapes_than_matrices(penalty):
    """Groups run along the last axis, or across it; an array of one axis is one input's."""
    cube = random_weights(shape=(2, 3, 4))
    flat = cube.reshape(6, 4)
    assert penalty.value(cube) == pytest.approx(penalty.value(flat), rel=1e-14)
    np.testing.assert_allclose(penalty.prox(cube, 0.3).reshape(6, 4), penalty.prox(flat, 0.3))
    row = random_weights(shape=(5,))
    np.testing.assert_allclose(penalty.grad(row), penalty.grad(row[None])[0])
    steps = np.full_like(row, 0.1)
    np.testing.assert_allclose(penalty.prox(row, steps), penalty.prox(row[None], steps[None])[0])


@pytest.mark.parametrize("kind", [GroupLasso, GroupMCP])
def test_the_strength_multiplies_each_hook_once(kind):
    layer = SimpleNamespace(name="dense1", params={"weights": random_weights()})
    single, triple = kind(), kind(3.0)
    assert triple.penalty(layer) == pytest.approx(3 * single.penalty(layer))
    gradients = [one.penalty_grad(layer)["weights"] for one in (single, triple)]
    np.testing.assert_allclose(gradients[1], 3 * gradients[0], rtol=1e-15)
    points = [single.penalty_prox(layer, 0.3), triple.penalty_prox(layer, 0.1)]
    np.testing.assert_allclose(points[1]["weights"], points[0]["weights"], rtol=1e-14)
