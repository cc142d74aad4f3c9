"""What all five promise: nearest points that a second projection leaves alone, in w's dtype."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from regkit_constraints import Box, MaxNorm, NonNegative, Simplex, UnitNorm
from scipy.optimize import minimize

ALL = [
    MaxNorm(radius=0.8),
    MaxNorm(radius=3.0, groups="outgoing"),
    UnitNorm(),
    UnitNorm(groups="outgoing"),
    Simplex(),
    Simplex(total=0.3, groups="outgoing"),
    NonNegative(),
    Box(low=-0.3, high=0.7),
]
constraints = pytest.mark.parametrize("constraint", ALL, ids=str)
dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def columns(constraint, w):
    return w.T if getattr(constraint, "groups", "incoming") == "outgoing" else w


def violation(constraint, w):
    """How far w is from allowed, relative to the bounds: the definitions, not the projections."""
    w = columns(constraint, w.astype(np.float64))
    match constraint:
        case MaxNorm(radius=radius):
            return max(np.sqrt((w**2).sum(axis=0)).max() / radius - 1, 0)
        case UnitNorm():
            return abs(np.sqrt((w**2).sum(axis=0)) - 1).max()
        case Simplex(total=total):
            return max(abs(w.sum(axis=0) / total - 1).max(), -w.min())
        case NonNegative():
            return max(-w.min(), 0)
        case Box(low=low, high=high):
            return max(low - w.min(), w.max() - high, 0)


def in_scipys_terms(constraint):
    """Bounds of an entry, and the constraint on one group."""
    match constraint:
        case MaxNorm(radius=radius):
            return (None, None), [{"type": "ineq", "fun": lambda x: radius**2 - x @ x}]
        case UnitNorm():
            return (None, None), [{"type": "eq", "fun": lambda x: x @ x - 1}]
        case Simplex(total=total):
            return (0, None), [{"type": "eq", "fun": lambda x: x.sum() - total}]
        case NonNegative():
            return (0, None), []
        case Box(low=low, high=high):
            return (low, high), []


@constraints
def test_no_allowed_point_is_nearer_by_constrained_minimization(constraint):
    for seed in range(4):
        w = np.random.default_rng(seed).normal(size=(4, 3))
        found = columns(constraint, constraint.projection(w)).T
        for group, point in zip(columns(constraint, w).T, found, strict=True):
            bounds, restrictions = in_scipys_terms(constraint)
            best = minimize(
                lambda x, group=group: ((x - group) ** 2).sum(),
                np.full(group.shape, 0.1),
                jac=lambda x, group=group: 2 * (x - group),
                bounds=[bounds] * group.size,
                constraints=restrictions,
                method="SLSQP",
                options={"ftol": 1e-15, "maxiter": 500},
            )
            np.testing.assert_allclose(point, best.x, atol=2e-6)


@constraints
@dtypes
@pytest.mark.parametrize("scale", [1e-30, 1e-8, 1.0, 1e8, 1e30])
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (64, 3), (3, 64), (784, 20)])
def test_points_are_allowed_and_a_second_projection_changes_no_bit(constraint, dtype, scale, shape):
    rng = np.random.default_rng(1)
    for w in (scale * rng.normal(size=shape), scale * rng.random(shape), np.full(shape, scale)):
        w = w.astype(dtype)
        w.flags.writeable = False
        point = constraint.projection(w)
        assert (point.shape, point.dtype) == (w.shape, w.dtype)
        assert violation(constraint, point) <= (1e-6 if dtype == "float32" else 1e-12)
        again = constraint.projection(point)
        assert again.tobytes() == point.tobytes()


@constraints
def test_allowed_points_stay_as_they_are(constraint):
    inside = constraint.projection(np.random.default_rng(2).normal(size=(5, 5)))
    if isinstance(constraint, MaxNorm | NonNegative | Box):
        inside = inside / 2
    assert_array_equal(constraint.projection(inside), inside)
    assert constraint.penalty(layer(inside)) == 0.0


@constraints
def test_the_step_is_ignored(constraint):
    w = np.random.default_rng(3).normal(size=(4, 6))
    for step in (0.0, 1e6, np.full(w.shape, 1e-8)):
        assert_array_equal(constraint.prox(w, step), constraint.projection(w))


@constraints
@dtypes
def test_what_is_not_a_number_stays_so_and_harms_no_other_group(constraint, dtype):
    w = np.random.default_rng(4).normal(size=(4, 4)).astype(dtype)
    broken = w.copy()
    broken[1, 1] = np.nan
    point, whole = constraint.projection(broken), constraint.projection(w)
    assert np.isnan(point[1, 1])
    others = columns(constraint, np.ones((4, 4), dtype=bool))
    others[:, 1] = False
    others = columns(constraint, others)
    assert_array_equal(point[others], whole[others])


@constraints
def test_empty_arrays_stay_empty(constraint):
    for shape in ((0, 3), (3, 0)):
        assert constraint.projection(np.empty(shape)).shape == shape


@constraints
def test_the_hooks_answer_as_for_a_set(constraint):
    w = constraint.projection(np.random.default_rng(5).normal(size=(4, 4)))
    assert constraint.penalty(layer(w)) == 0.0
    assert constraint.penalty(layer(-3 * w - 1)) == np.inf
    assert constraint.penalty_grad(layer(w)) is None
    assert_array_equal(constraint.penalty_prox(layer(w), 0.1)["weights"], w)


def layer(w):
    return SimpleNamespace(name="dense1", params={"weights": w})
