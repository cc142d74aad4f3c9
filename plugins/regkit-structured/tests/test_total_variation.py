"""Total variation, against bounded least squares on its dual problem.

Covers: plugins/regkit-structured/regkit_structured/denoising.py
"""

import numpy as np
import pytest
from regkit_structured import TotalVariation
from regkit_structured.denoising import denoised
from scipy.optimize import check_grad, lsq_linear

DOWN, ACROSS = TotalVariation(), TotalVariation(along="neurons")


def random_matrix(shape=(6, 4)):
    return np.random.default_rng(0).normal(size=shape)


def test_value_is_the_sum_of_differences():
    w = np.array([[1.0, 2.0], [4.0, 2.0], [3.0, -1.0]])
    assert DOWN.value(w) == 3 + 1 + 0 + 3
    assert ACROSS.value(w) == DOWN.value(w.T) == 1 + 2 + 4


@pytest.mark.parametrize("penalty", [DOWN, ACROSS])
def test_gradient_is_the_slope_of_the_value(penalty):
    w = random_matrix()
    error = check_grad(
        lambda flat: float(penalty.value(flat.reshape(6, 4))),
        lambda flat: penalty.grad(flat.reshape(6, 4)).ravel(),
        w.ravel(),
    )
    assert error < 1e-5


@pytest.mark.parametrize("count", [2, 3, 10, 60])
@pytest.mark.parametrize("strength", [1e-3, 0.3, 1.0, 10.0, 1000.0])
def test_denoising_solves_the_dual_problem(count, strength):
    rng = np.random.default_rng(count)
    line = np.round(rng.normal(size=count).cumsum(), 1)  # Ties among them.
    transposed = np.diff(np.eye(count), axis=0).T
    dual = lsq_linear(transposed, line, bounds=(-strength, strength), tol=1e-14, max_iter=1000)
    found = denoised(line, strength)

    def objective(x):
        return strength * np.abs(np.diff(x)).sum() + 0.5 * np.sum((x - line) ** 2)

    np.testing.assert_allclose(found, line - transposed @ dual.x, atol=1e-5 * np.ptp(line))
    assert objective(found) <= objective(line - transposed @ dual.x) + 1e-12


def test_a_strong_one_leaves_the_mean_and_none_leaves_the_line():
    line = np.random.default_rng(5).normal(size=9)
    np.testing.assert_allclose(denoised(line, 1e3), line.mean(), rtol=1e-12)
    assert len(set(denoised(line, 1e3))) == 1
    np.testing.assert_array_equal(denoised(line, 0.0), line)
    assert np.all(np.isnan(denoised(np.array([1.0, np.inf]), 1.0)))


def test_the_proximal_point_treats_each_line_alone():
    w = random_matrix()
    point = DOWN.prox(w, 0.4)
    for column, line in zip(w.T, point.T, strict=True):
        np.testing.assert_array_equal(line, denoised(column, 0.4))
    np.testing.assert_array_equal(ACROSS.prox(w.T, 0.4), point.T)
    assert np.count_nonzero(np.diff(point, axis=0) == 0) > 3


def test_constant_lines_cost_nothing():
    w = np.tile([1.0, -2.0, 3.0], (4, 1))
    assert DOWN.value(w) == 0
    assert not DOWN.grad(w).any()
    np.testing.assert_array_equal(DOWN.prox(w, 0.7), w)


@pytest.mark.parametrize("penalty", [DOWN, ACROSS])
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (1, 1)])
def test_arrays_without_neighbours_cost_nothing(penalty, shape):
    w = np.zeros(shape)
    assert penalty.value(w) == penalty.dual_norm(w) == penalty.subgradient_distance(w, w) == 0
    assert penalty.grad(w).shape == penalty.prox(w, 0.1).shape == shape


def test_the_dual_norm_is_where_constants_become_the_least_point():
    g = random_matrix()
    assert DOWN.dual_norm(g) == np.inf
    g = g - g.mean(axis=0)
    threshold = DOWN.dual_norm(g)
    np.testing.assert_allclose(DOWN.prox(-g, threshold * (1 + 1e-12)), 0, atol=1e-12)
    assert np.abs(DOWN.prox(-g, 0.99 * threshold)).max() > 1e-4


@pytest.mark.parametrize("penalty", [DOWN, ACROSS])
@pytest.mark.parametrize("step", [0.1, 0.5, 2.0])
def test_the_subgradient_distance_vanishes_at_a_proximal_point(penalty, step):
    z = random_matrix()
    x = penalty.prox(z, step)
    assert penalty.subgradient_distance(x, (x - z) / step) < 1e-13
    assert penalty.subgradient_distance(x, (x - z) / step + 0.3) == pytest.approx(0.3)
