"""The proximal point of groups under a step for each entry, against bisection and brute force."""

import numpy as np
import pytest
from regkit_group_lasso.weighted_threshold import ENTRIES_PER_BLOCK, weighted_threshold
from scipy.optimize import minimize

PRECISE = np.longdouble
SEEDS = range(300)


def by_bisection(w, steps, factor):
    """The point of one group in extended precision: the norm that its own equation asks for."""
    w, thresholds = w.astype(PRECISE), steps.astype(PRECISE) * PRECISE(factor)
    if np.sum((w / thresholds) ** 2) <= 1:
        return np.zeros_like(w)
    low, high = PRECISE(0), np.sqrt(np.sum(w**2))
    for _ in range(200):
        middle = (low + high) / 2
        if np.sum((w / (thresholds + middle)) ** 2) > 1:
            low = middle
        else:
            high = middle
    return w * (high / (thresholds + high))


def objective(x, w, steps, factor, gamma=np.inf):
    norm = min(np.sqrt(np.sum(x**2)), gamma)
    height = norm - norm**2 / (2 * gamma)
    return factor * height + np.sum((x - w) ** 2 / (2 * steps))


def drawn(seed):
    """One to six weights of like or unlike size, and steps from 1e-8 to 1e6."""
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 7)
    w = rng.normal(size=size) * 10 ** rng.uniform(-4, 2)
    if seed % 3 == 0:
        w *= 10 ** rng.uniform(-12, 0, size=size)
    if seed % 2:
        return w, 10 ** rng.uniform(-8, 6, size=size), np.sqrt(size)
    return w, 10 ** rng.uniform(-8, 6) * 10 ** rng.uniform(-2, 2, size=size), np.sqrt(size)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-14), (np.float32, 1.2e-7)])
def test_steps_from_tiny_to_huge_are_exact_to_rounding(dtype, tolerance):
    empty = 0
    for seed in SEEDS:
        w, steps, factor = drawn(seed)
        w, steps = w.astype(dtype), steps.astype(dtype)
        (found,) = weighted_threshold(w[None], steps[None], factor)
        expected = by_bisection(w, steps, factor)
        assert found.dtype == dtype
        assert np.max(np.abs(found - expected)) <= tolerance * np.max(np.abs(w))
        assert np.array_equal(found == 0, expected == 0) or np.any(expected)
        empty += not np.any(found)
    assert 50 < empty < 250


def test_a_dead_entry_beside_live_ones():
    """As under Adam, where an entry that never had a gradient has the step lr/ε."""
    w = np.array([[0.3, -0.2, 0.01, 0.05]])
    steps = np.array([[1e-8, 1e-3, 5e5, 1e-8]])
    (found,) = weighted_threshold(w, steps, 2.0)
    np.testing.assert_allclose(found, by_bisection(w[0], steps[0], 2.0), rtol=1e-14)
    np.testing.assert_allclose(found[[0, 3]], w[0, [0, 3]], rtol=1e-6)
    assert 0 < abs(found[2]) < 1e-8


@pytest.mark.parametrize("seed", range(20))
def test_no_point_that_a_search_finds_is_better(seed):
    rng = np.random.default_rng(seed)
    w, steps = rng.normal(size=2), 10 ** rng.uniform(-1.5, 1, size=2)
    (found,) = weighted_threshold(w[None], steps[None], np.sqrt(2))
    arguments = (w, steps, np.sqrt(2))
    options = {"xatol": 1e-12, "fatol": 1e-15, "maxiter": 4000}
    reached = minimize(objective, w, arguments, method="Nelder-Mead", options=options).fun
    assert objective(found, *arguments) <= min(reached, objective(0 * w, *arguments)) + 1e-12


@pytest.mark.parametrize("seed", range(60))
def test_group_mcp_has_the_global_minimizer(seed):
    """Against every local minimum along the norm, found on a grid and polished."""
    w, steps, factor = drawn(seed)
    rng = np.random.default_rng(seed)
    gamma = np.linalg.norm(w) * 10 ** rng.uniform(-1, 1)
    w, steps, gamma = w.astype(PRECISE), steps.astype(PRECISE), PRECISE(gamma)

    def point(norm):
        return w * norm / (factor * steps * (1 - norm / gamma) + norm)

    def too_short(norm):
        return np.sum((point(norm) / norm) ** 2) > 1

    candidates = [0 * w, w]
    grid = gamma * np.unique([*np.linspace(1e-3, 1, 1000), *np.geomspace(1e-20, 1, 1000)])[:-1]
    short = [too_short(norm) for norm in grid]
    for low, high, before, after in zip(grid, grid[1:], short, short[1:], strict=False):
        if before and not after:
            for _ in range(100):
                middle = (low + high) / 2
                low, high = (middle, high) if too_short(middle) else (low, middle)
            candidates.append(point(high))
    least = min(objective(x, w, steps, factor, gamma) for x in candidates)
    (found,) = weighted_threshold(
        w.astype(float)[None], steps.astype(float)[None], factor, float(gamma)
    )
    excess = objective(found.astype(PRECISE), w, steps, factor, gamma) - least
    assert excess <= 1e-14 * least


def test_equal_steps_give_the_block_soft_threshold():
    w = np.random.default_rng(0).normal(size=(5, 8))
    norms = np.linalg.norm(w, axis=1, keepdims=True)
    expected = w * np.maximum(1 - 0.9 * 3 / norms, 0)
    found = weighted_threshold(w, np.full_like(w, 0.9), 3.0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)
    assert 0 < np.count_nonzero(found.any(axis=1)) < 5


@pytest.mark.parametrize("gamma", [None, 0.7, 3.0])
def test_step_zero_changes_nothing(gamma):
    w = np.random.default_rng(0).normal(size=(3, 4))
    w[1] = 0
    found = weighted_threshold(w, np.full_like(w, 0.0), 2.0, gamma)
    np.testing.assert_allclose(found, w, rtol=1e-15)
    steps = np.full_like(w, 0.1)
    steps[0, 0] = 0
    kept = weighted_threshold(w, steps, 2.0, gamma)
    assert kept[0, 0] == pytest.approx(w[0, 0], rel=1e-15)


@pytest.mark.parametrize("gamma", [None, 0.7])
def test_nan_stays_in_its_group(gamma):
    w = np.ones((3, 4))
    w[1, 2] = np.nan
    found = weighted_threshold(w, np.full_like(w, 0.1), 2.0, gamma)
    np.testing.assert_array_equal(np.isnan(found).all(axis=1), [False, True, False])
    assert np.isfinite(found[[0, 2]]).all()


@pytest.mark.parametrize("gamma", [None, 1.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_neither_blocks_nor_layout_matter(dtype, gamma):
    rng = np.random.default_rng(0)
    shape = (700, ENTRIES_PER_BLOCK // 300)
    w = (0.1 * rng.normal(size=shape)).astype(dtype)
    steps = (10 ** rng.uniform(-8, -1, size=shape)).astype(dtype)
    steps[rng.random(shape) < 0.05] = 5e5
    whole = weighted_threshold(w, steps, 3.0, gamma)
    rounding = 8 * np.finfo(dtype).eps
    for group in (0, 299, 300, 699):
        one = weighted_threshold(w[[group]], steps[[group]], 3.0, gamma)
        np.testing.assert_allclose(whole[[group]], one, rtol=rounding)
    turned = weighted_threshold(np.asfortranarray(w), np.asfortranarray(steps), 3.0, gamma)
    np.testing.assert_allclose(turned, whole, rtol=rounding)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty_arrays(shape):
    w = np.empty(shape)
    assert weighted_threshold(w, w, 1.0).shape == shape
