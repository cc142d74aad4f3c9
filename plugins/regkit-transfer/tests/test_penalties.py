"""The three by their definitions: values, gradients, proximal points, measures of stationarity."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from regkit_transfer import EWC, L2SP, AdaptiveLasso
from scipy.optimize import minimize_scalar

NAMES = ["l2_sp", "ewc", "adaptive_lasso"]
names = pytest.mark.parametrize("name", NAMES)
W = np.random.default_rng(1).normal(size=(7, 5))
W[2, 2:4] = 0.0


def penalty_and_terms(name, arrays):
    """The penalty, and what each entry adds by the paper's formula."""
    start, importance = arrays["weights"].array, arrays["importance"].array
    if name == "l2_sp":
        return L2SP(reference=arrays["weights"]), lambda x: (x - start) ** 2
    if name == "ewc":
        penalty = EWC(reference=arrays["weights"], importance=arrays["importance"])
        return penalty, lambda x: importance * (x - start) ** 2
    penalty = AdaptiveLasso(reference=arrays["weights"], gamma=1.5, epsilon=0.01)
    return penalty, lambda x: abs(x) / np.maximum(abs(start), 0.01) ** 1.5


@names
def test_values_are_sums_over_entries(name, arrays):
    penalty, terms = penalty_and_terms(name, arrays)
    assert float(penalty.value(W)) == pytest.approx(terms(W).sum(), rel=1e-14)


@names
def test_gradients_are_central_differences(name, arrays):
    penalty, terms = penalty_and_terms(name, arrays)
    away = W + 0.01 * (W == 0)
    numerical = (terms(away + 1e-6) - terms(away - 1e-6)) / 2e-6
    assert_allclose(penalty.grad(away), numerical, rtol=1e-7, atol=1e-7)
    assert penalty.grad(away.astype("f4")).dtype == np.float32


@names
def test_proximal_points_are_the_minimizers_entry_by_entry(name, arrays):
    penalty, terms = penalty_and_terms(name, arrays)
    steps = 10 ** np.random.default_rng(2).uniform(-8, 6, W.shape)
    for step in (0.0, 0.3, steps):
        points = penalty.prox(W, step)

        def objective(x, step=step):
            return step * terms(x) + (x - W) ** 2 / 2

        for i in np.ndindex(W.shape):
            # An entry at a time; the others do not matter.
            ends = sorted((W[i], 0.0 if name == "adaptive_lasso" else penalty.reference.array[i]))
            best = minimize_scalar(
                lambda x, i=i: objective(np.full(W.shape, x))[i],
                bounds=(ends[0] - 1e-9, ends[1] + 1e-9),
                method="bounded",
                options={"xatol": 1e-12},
            )
            assert objective(np.full(W.shape, points[i]))[i] <= best.fun + 1e-13 * (1 + best.fun)
            if best.fun < 1e3:
                assert points[i] == pytest.approx(best.x, abs=1e-5)


@names
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_proximal_points_are_finite_and_in_the_type_of_the_weights(name, arrays, dtype):
    penalty, _ = penalty_and_terms(name, arrays)
    steps = np.where(np.arange(W.size).reshape(W.shape) % 2, 1e-8, 5e11).astype(dtype)
    point = penalty.prox(W.astype(dtype), steps)
    assert point.dtype == dtype
    assert np.isfinite(point).all()


@names
def test_proximal_points_are_stationary(name, arrays):
    """0 is in step · ∂R(x) + x − w, so that the distance at data gradient (x − w)/step is 0."""
    penalty, _ = penalty_and_terms(name, arrays)
    x = penalty.prox(W, 0.2)
    assert penalty.subgradient_distance(x, (x - W) / 0.2) < 1e-13
    assert penalty.subgradient_distance(-x, (x - W) / 0.2) > 1e-3


def test_weights_without_importance_do_not_move(arrays):
    penalty = EWC(reference=arrays["weights"], importance=arrays["importance"])
    assert_array_equal(penalty.prox(W, 1e6)[1], W[1])
    assert_array_equal(penalty.grad(W)[1], 0)


def test_nothing_moves_at_the_reference(arrays):
    start = arrays["weights"].array
    for name in ("l2_sp", "ewc"):
        penalty, _ = penalty_and_terms(name, arrays)
        assert_array_equal(penalty.prox(start, 1e6), start)
        assert_array_equal(penalty.grad(start), 0)
        assert penalty.value(start) == 0


def test_the_dual_norm_is_the_least_strength_that_keeps_zero(arrays):
    penalty, _ = penalty_and_terms("adaptive_lasso", arrays)
    g, least = W, penalty.dual_norm(W)
    assert not penalty.prox(-1e-3 * g, 1e-3 * least * (1 + 1e-12)).any()
    assert np.count_nonzero(penalty.prox(-1e-3 * g, 1e-3 * least * (1 - 1e-9))) == 1
