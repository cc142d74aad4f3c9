"""What holds of all five: slopes, proximal points against brute force, layouts, special values."""

from types import SimpleNamespace

import numpy as np
import pytest
from regkit_nonconvex import MCP, SCAD, CappedL1, LHalf, LogSum
from scipy.optimize import minimize_scalar

from regkit.errors import FieldError

FAMILY = [
    MCP(gamma=0.7),
    MCP(gamma=3.0),
    SCAD(knee=0.3, a=3.7),
    SCAD(knee=1.0, a=2.1),
    LogSum(epsilon=0.1),
    LogSum(epsilon=2.0),
    CappedL1(cap=0.4),
    CappedL1(cap=2.0),
    LHalf(),
]
SIZES = np.array([0.013, 0.11, 0.29, 0.37, 0.52, 0.83, 1.3, 1.7, 2.6, 40.0])

family = pytest.mark.parametrize("penalty", FAMILY, ids=str)


def steps_of(penalty):
    largest = getattr(penalty, "max_step", None)
    if largest is None:
        return [1e-6, 0.004, 0.05, 0.6, 5.0]
    return [1e-6, 0.1 * largest, 0.7 * largest, 0.999 * largest, largest]


def objective(penalty, x, w, step):
    return step * penalty.value(np.array([[x]])) + 0.5 * (x - w) ** 2


def least_objective(penalty, w, step):
    """The least of the proximal objective in one dimension: a grid, then a bounded search."""
    grid = np.linspace(0, 1.1 * abs(w), 111)
    heights = [objective(penalty, x, w, step) for x in grid]
    best = int(np.argmin(heights))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, 110)])
    found = minimize_scalar(
        lambda x: objective(penalty, x, w, step),
        bounds=around,
        method="bounded",
        options={"xatol": 1e-13},
    )
    return min(found.fun, heights[best])


@family
def test_gradient_is_the_slope_of_the_value(penalty):
    w = np.concatenate([SIZES, -SIZES]).reshape(4, 5)
    gradient = penalty.grad(w)
    for index in np.ndindex(w.shape):
        h = 1e-5 * abs(w[index])
        ahead, behind = w.copy(), w.copy()
        ahead[index] += h
        behind[index] -= h
        slope = (penalty.value(ahead) - penalty.value(behind)) / (ahead[index] - behind[index])
        # What rounding of the whole sum does to a difference of two.
        noise = 1e-14 * penalty.value(w) / h
        assert gradient[index] == pytest.approx(slope, rel=1e-7, abs=noise)


@family
def test_gradient_is_zero_at_both_zeros(penalty):
    gradient = penalty.grad(np.array([[0.0, -0.0, 1e-3]]))
    assert gradient[0, 0] == 0
    assert gradient[0, 1] == 0
    assert gradient[0, 2] > 0


@family
def test_prox_is_the_least_point_of_its_objective(penalty):
    for step in steps_of(penalty):
        for w in SIZES:
            (x,) = penalty.prox(np.array([w]), step)
            least = least_objective(penalty, w, step)
            assert objective(penalty, x, w, step) <= least + 1e-13 * (1 + abs(least))


@family
def test_prox_couples_no_entries_and_is_odd(penalty):
    step = steps_of(penalty)[2]
    w = np.concatenate([SIZES, -SIZES]).reshape(5, 4)
    alone = [[penalty.prox(np.array([entry]), step)[0] for entry in row] for row in w]
    np.testing.assert_array_equal(penalty.prox(w, step), alone)
    np.testing.assert_array_equal(penalty.prox(-w, step), -penalty.prox(w, step))


@family
def test_prox_takes_an_array_of_steps(penalty):
    steps = np.array([steps_of(penalty)]).T
    together = penalty.prox(np.tile(SIZES, (len(steps), 1)), steps)
    for row, step in zip(together, steps_of(penalty), strict=True):
        np.testing.assert_array_equal(row, penalty.prox(SIZES, step))


def least_of_all(penalty, w, step):
    """The least proximal objective of a grid that is dense at 0, at w and at each breakpoint."""
    near = np.concatenate([[0.0], np.logspace(-15, 0, 1500)])
    breakpoints = [getattr(penalty, name, 0.0) for name in ("gamma", "knee", "cap", "max_step")]
    breakpoints.append(getattr(penalty, "knee", 0.0) * getattr(penalty, "a", 0.0))
    inner = [point for point in breakpoints if 0 < point < w]
    grid = np.concatenate([near * w, w - near * w, np.linspace(0, w, 3001), inner])
    heights = step * penalty.height(grid) + 0.5 * (grid - w) ** 2
    best = grid[np.argmin(heights)]
    found = minimize_scalar(
        lambda x: objective(penalty, x, w, step),
        bounds=(max(best - w / 3000, 0), min(best + w / 3000, w)),
        method="bounded",
        options={"xatol": 1e-13 * w},
    )
    return min(found.fun, heights.min())


@family
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_with_steps_of_any_size_prox_is_the_global_minimizer(penalty, dtype):
    """As under an adaptive optimizer: one array, and steps far beyond `max_step`."""
    steps = np.repeat(10.0 ** np.arange(-8, 7), 6)
    steps = np.concatenate([steps, np.linspace(0.2, 4, 30)]).astype(dtype)
    w = np.tile([2e-4, 0.06, 0.41, 1.3, 35.0, 3e3], 20).astype(dtype)
    points = penalty.prox(w, steps)
    assert points.dtype == dtype
    for weight, step, point in zip(*(a.tolist() for a in (w, steps, points)), strict=True):
        least = least_of_all(penalty, weight, step)
        rounding = 4 * np.finfo(dtype).eps * (least + weight**2)
        assert objective(penalty, point, weight, step) <= least + rounding


@family
def test_float32_steps_are_computed_with_in_float64(penalty):
    rng = np.random.default_rng(0)
    w = rng.normal(size=(50, 40)).astype(np.float32)
    steps = (10 ** rng.uniform(-8, 6, w.shape)).astype(np.float32)
    wide = penalty.prox(w.astype(np.float64), steps.astype(np.float64))
    np.testing.assert_array_equal(penalty.prox(w, steps), wide.astype(np.float32))


@pytest.mark.parametrize("gamma", [0.3, 2.0])
def test_beyond_its_largest_step_mcp_is_a_hard_threshold(gamma):
    """0 costs w²/2 and w costs step · γ/2: they tie at √(step · γ)."""
    steps = gamma * np.array([1.5, 10.0, 1e6])
    ties = np.sqrt(steps * gamma)
    penalty = MCP(gamma=gamma)
    np.testing.assert_array_equal(penalty.prox(ties * (1 - 1e-9), steps), 0)
    np.testing.assert_array_equal(penalty.prox(ties * (1 + 1e-9), steps), ties * (1 + 1e-9))


@family
def test_prox_of_step_zero_changes_nothing(penalty):
    w = np.append(SIZES, 0.0)
    np.testing.assert_allclose(penalty.prox(w, 0.0), w, rtol=1e-15)


@family
def test_nan_stays_nan(penalty):
    w = np.array([[1.0, np.nan, 0.0]])
    assert np.isnan(penalty.value(w))
    assert np.isnan(penalty.grad(w)[0, 1])
    for step in steps_of(penalty):
        np.testing.assert_array_equal(np.isnan(penalty.prox(w, step)), np.isnan(w))


@family
@pytest.mark.parametrize("scale", [1e-8, 1e-4, 1e4, 1e8])
def test_results_are_finite_at_every_scale(penalty, scale):
    w = (scale * np.concatenate([SIZES, -SIZES])).astype(np.float32)
    assert np.isfinite(penalty.value(w))
    assert np.all(np.isfinite(penalty.grad(w)))
    for step in steps_of(penalty):
        shrunk = penalty.prox(w, step)
        assert np.all(np.abs(shrunk) <= np.abs(w))


@family
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layout_does_not_matter_and_the_input_is_left_alone(penalty, dtype):
    w = np.random.default_rng(0).normal(size=(6, 8)).astype(dtype)
    w[2, 3:5] = 0
    step = steps_of(penalty)[2]
    wide = np.zeros((12, 16), dtype)
    wide[::2, ::2] = w
    for same in (w, np.asfortranarray(w), wide[::2, ::2]):
        same.flags.writeable = False
        assert penalty.value(same) == pytest.approx(penalty.value(w), rel=1e-14)
        assert penalty.grad(same).dtype == penalty.prox(same, step).dtype == dtype
        np.testing.assert_array_equal(penalty.grad(same), penalty.grad(w))
        np.testing.assert_array_equal(penalty.prox(same, step), penalty.prox(w, step))


@family
def test_float32_is_summed_in_float64(penalty):
    w = np.full((1000, 1000), 0.1, np.float32)
    one = penalty.value(w[:1, :1])
    assert penalty.value(w) == pytest.approx(1e6 * one, rel=1e-12)


@family
def test_empty_arrays_cost_nothing(penalty):
    w = np.zeros((0, 3))
    assert penalty.value(w) == 0
    assert penalty.grad(w).shape == penalty.prox(w, 0.1).shape == (0, 3)


@pytest.mark.parametrize(
    ("penalty", "largest"),
    [(MCP(4.0, gamma=2.0), 2.0), (SCAD(4.0, knee=0.5, a=3.0), 1.0)],
    ids=str,
)
def test_steps_beyond_the_largest_are_refused(penalty, largest):
    layer = SimpleNamespace(name="dense1", params={"weights": np.ones((2, 2))})
    assert penalty.penalty_prox(layer, largest / 4) is not None
    with pytest.raises(FieldError, match="lower the learning rate or the strength"):
        penalty.penalty_prox(layer, 1.001 * largest / 4)
