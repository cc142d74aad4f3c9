"""L1, L2 and the elastic net: values, gradients, in-place accumulation and proximal points.

Covers: regkit/regularizers/elastic_net.py, regkit/regularizers/l1.py, regkit/regularizers/l2.py
Covers: regkit/regularizers/with_linear_gradient.py
"""

import math
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso

import regkit as rk
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.chunks import CHUNK
from regkit.kernels.kernels import Kernels

BUILT_IN = {
    "l1": rk.L1(0.3),
    "l1 at zero -0.25": rk.L1(0.3, at_zero=-0.25),
    "l1 at zero 0": rk.L1(0.3, at_zero=0.0),
    "l2": rk.L2(0.3),
    "elastic_net": rk.ElasticNet(0.3, l1_ratio=0.2),
    "elastic_net of l1": rk.ElasticNet(0.3, l1_ratio=1.0),
}
SCALAR_FORMULAS = {
    "l1": lambda w: 0.3 * abs(w),
    "l2": lambda w: 0.3 * w * w,
    "elastic_net": lambda w: 0.3 * (0.2 * abs(w) + 0.8 * w * w),
}


def layer(w, **more):
    return SimpleNamespace(name="dense1", params={"weights": w}, **more)


def in_a_run(w, sums):
    """The layer of a run, whose gradients are added up in `sums`."""
    return layer(w, accumulation=Accumulation({"weights": sums}, Kernels()))


def large(dtype, order):
    """Several chunks of random entries, zeros of both signs among them, in some memory order."""
    rows, columns = 300, 4 * CHUNK // 300
    w = np.random.default_rng(0).standard_normal((rows, columns)).astype(dtype)
    w[::3, ::2] = 0.0
    w[1::3, ::2] = -0.0
    if order == "strided":
        wide = np.zeros((2 * rows, 3 * columns), dtype)
        wide[::2, ::3] = w
        return wide[::2, ::3]
    return np.array(w, order=order)


@pytest.mark.parametrize("order", ["C", "F", "strided"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SCALAR_FORMULAS)
def test_penalties_are_accumulated_in_double_precision(name, dtype, order):
    w = large(dtype, order)
    exact = math.fsum(map(SCALAR_FORMULAS[name], w.ravel().tolist()))
    assert BUILT_IN[name].penalty(layer(w)) == pytest.approx(exact, rel=1e-13)


@pytest.mark.parametrize("order", ["C", "F", "strided"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("regularizer", BUILT_IN.values(), ids=BUILT_IN.keys())
def test_in_place_accumulation_adds_the_returned_gradient(regularizer, dtype, order):
    w = large(dtype, order)
    before = np.random.default_rng(1).standard_normal(w.shape).astype(dtype)
    returned = regularizer.penalty_grad(layer(w))["weights"]
    for sums in (before.copy(), np.asfortranarray(before), np.repeat(before, 2, axis=1)[:, ::2]):
        assert regularizer.penalty_grad(in_a_run(w, sums)) is None
        accuracy = 2 * np.finfo(dtype).eps
        assert_allclose(sums, before + returned, rtol=accuracy, atol=accuracy)
        assert sums.dtype == returned.dtype == w.dtype


@pytest.mark.parametrize("order", ["C", "F", "strided"])
@pytest.mark.parametrize("regularizer", BUILT_IN.values(), ids=BUILT_IN.keys())
def test_the_kernels_of_a_run_change_nothing(regularizer, order):
    w = large("float32", order)
    without, sums = np.ones_like(w), np.ones_like(w)
    regularizer.grad_into(w, regularizer.strength, without)
    regularizer.penalty_grad(in_a_run(w, sums))
    assert np.array_equal(sums, without)


def test_a_subclass_with_its_own_grad_into_is_called_through_it():
    class Noisy(rk.L2):
        def grad_into(self, w, scale, out):
            out += 7.0

    sums = np.zeros((2, 2))
    Noisy().penalty_grad(in_a_run(np.ones((2, 2)), sums))
    assert np.array_equal(sums, np.full((2, 2), 7.0))


def test_the_gradient_of_l1_is_the_chapters_loop():
    w = np.array([[0.2, -0.8, 0.0, -0.0], [5e-324, -5e-324, -1e300, 3.0]])
    expected = [[1 if weight >= 0 else -1 for weight in row] for row in w]
    assert np.array_equal(rk.L1().grad(w), expected)
    sums = np.zeros_like(w)
    rk.L1().grad_into(w, 1.0, sums)
    assert np.array_equal(sums, expected)


@pytest.mark.parametrize("at_zero", [-1.0, 0.0, 0.5, 1.0])
def test_at_zero_is_the_subgradient_at_both_zeros(at_zero):
    w = np.array([[0.0, -0.0, 2.0, -2.0]])
    gradient = rk.L1(3.0, at_zero=at_zero).penalty_grad(layer(w))["weights"]
    assert np.array_equal(gradient, [[3 * at_zero, 3 * at_zero, 3, -3]])


@pytest.mark.parametrize("name", SCALAR_FORMULAS)
@given(w=st.floats(-10, 10), step=st.floats(1e-6, 10))
@settings(max_examples=50, deadline=None)
def test_no_point_is_better_than_the_proximal_one(name, w, step):
    """Against brute force; strength 0.3 is part of the formula."""

    def objective(x):
        return step * SCALAR_FORMULAS[name](x) + 0.5 * (x - w) ** 2

    point = BUILT_IN[name].penalty_prox(layer(np.array([[w]])), step)["weights"].item()
    bounds = (-abs(w) - 1, abs(w) + 1)
    found = minimize_scalar(objective, bounds=bounds, method="bounded", options={"xatol": 1e-12})
    assert objective(point) <= min(found.fun, objective(0.0)) * (1 + 1e-12) + 1e-15


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_weight_may_have_a_step_of_its_own(name):
    rng = np.random.default_rng(2)
    w, steps = rng.standard_normal((3, 4)), rng.uniform(0, 2, (3, 4))
    points = BUILT_IN[name].prox(w, steps)
    for index in np.ndindex(w.shape):
        assert points[index] == BUILT_IN[name].prox(w[index].reshape(1), steps[index])[0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SCALAR_FORMULAS)
def test_with_steps_of_any_size_no_point_is_better_than_the_proximal_one(name, dtype):
    """Against a grid, which is dense around 0 and around each weight."""
    steps = np.repeat(10.0 ** np.arange(-8, 7), 6).astype(dtype)
    w = np.tile([3e-7, -0.02, 0.3, -1.7, 40.0, -9e3], 15).astype(dtype)
    points = BUILT_IN[name].prox(w, steps)
    assert points.dtype == w.dtype
    near = np.concatenate([[0.0], np.logspace(-16, 0, 4000)])
    for weight, step, point in zip(*(a.tolist() for a in (w, steps, points)), strict=True):
        grid = np.concatenate([near * weight, weight - near * weight])
        formula = SCALAR_FORMULAS[name]
        # 0.3 is the strength that the formula holds.
        heights = (step * np.vectorize(formula)(grid) + 0.3 * (grid - weight) ** 2 / 2) / 0.3
        own = (step * formula(point) + 0.3 * (point - weight) ** 2 / 2) / 0.3
        rounding = np.finfo(dtype).eps * (step * formula(weight) / 0.3 + weight**2)
        assert own <= heights.min() + rounding


@pytest.mark.parametrize("l1_ratio", [0.0, 0.3, 1.0])
def test_the_largest_steps_leave_no_infinity_in_float32(l1_ratio):
    w = np.array([3e38, -1.0, 1e-38, 0.0], np.float32)
    for penalty in (rk.ElasticNet(l1_ratio=l1_ratio), rk.L1(), rk.L2()):
        for step in (1e-8, 1e6, 1e30):
            points = penalty.prox(w, np.full(w.shape, step, np.float32))
            assert np.isfinite(points).all()
            assert (np.abs(points) <= np.abs(w)).all()


@pytest.mark.parametrize(
    ("penalty", "steepness"),
    [
        (rk.L1(), 1.0),
        (rk.L1(at_zero=0.0), 1.0),
        (rk.ElasticNet(l1_ratio=0.25), 0.25),
        (rk.ElasticNet(l1_ratio=1.0), 1.0),
    ],
    ids=str,
)
def test_dual_norm_is_the_least_strength_that_keeps_zero(penalty, steepness):
    """A step from 0 along −g, and the proximal one: it returns to 0 from this strength on."""
    g = np.array([[0.3, -0.7], [0.0, 0.1]])
    least = penalty.dual_norm(g)
    assert least == pytest.approx(0.7 / steepness, rel=1e-15)
    assert not penalty.prox(-0.01 * g, 0.01 * least * (1 + 1e-12)).any()
    assert penalty.prox(-0.01 * g, 0.01 * least * (1 - 1e-12)).any()


@pytest.mark.parametrize("penalty", [rk.L2(), rk.ElasticNet(l1_ratio=0.0)], ids=str)
def test_without_a_kink_no_strength_keeps_zero(penalty):
    assert penalty.dual_norm(np.array([0.0, 1e-9])) == math.inf
    assert penalty.dual_norm(np.array([0.0, -0.0])) == 0


@pytest.mark.parametrize("regularizer", BUILT_IN.values(), ids=BUILT_IN.keys())
def test_nothing_is_stationary_where_there_is_nothing(regularizer):
    empty = np.empty((0, 3))
    assert regularizer.dual_norm(empty) == regularizer.subgradient_distance(empty, empty) == 0


@pytest.mark.parametrize("name", SCALAR_FORMULAS)
def test_subgradient_distance_is_that_from_the_one_sided_slopes(name):
    def slopes(w, h=1e-7):
        value = SCALAR_FORMULAS[name]
        return sorted([(value(w) - value(w - h)) / h / 0.3, (value(w + h) - value(w)) / h / 0.3])

    w = np.array([0.7, -0.02, -0.0, 0.0, -3.0])
    for g in np.random.default_rng(3).normal(size=(20, 5)):
        by_hand = 0.0
        for weight, gradient in zip(w, g, strict=True):
            low, high = slopes(weight)
            by_hand = max(by_hand, low + gradient, -gradient - high)
        found = BUILT_IN[name].subgradient_distance(w, g)
        assert found == pytest.approx(by_hand, abs=1e-6)
        # Stored in float32, but measured in float64.
        narrow = BUILT_IN[name].subgradient_distance(w.astype("f4"), g.astype("f4"))
        assert narrow == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize("at_zero", [1.0, 0.0, -1.0])
def test_scikit_learns_solutions_are_stationary(at_zero):
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    y = (y - y.mean()) / y.std()
    for alpha, ratio in ((0.03, 1.0), (0.1, 1.0), (0.1, 0.7)):
        if ratio == 1:
            oracle, penalty = Lasso(alpha, tol=1e-14, max_iter=100_000), rk.L1(at_zero=at_zero)
        else:
            oracle = ElasticNet(alpha, l1_ratio=ratio, tol=1e-14, max_iter=100_000)
            penalty = rk.ElasticNet(l1_ratio=2 * ratio / (1 + ratio))
        strength = alpha * (1 + ratio)
        w = oracle.fit(X, y).coef_
        assert 0 < np.count_nonzero(w) < w.size
        data_gradient = 2 * X.T @ (X @ w - y) / len(y)
        assert penalty.subgradient_distance(w, data_gradient / strength) < 1e-12
        moved = np.where(w == 0, 0.0, w + 1e-3)
        data_gradient = 2 * X.T @ (X @ moved - y) / len(y)
        assert penalty.subgradient_distance(moved, data_gradient / strength) > 1e-4


AFTER_NNFS_INIT = """
import nnfs, numpy as np, regkit as rk

w = np.random.RandomState(0).standard_normal((40, 30))
w[0] = 0
steps = np.exp(np.random.RandomState(1).uniform(-9, 9, w.shape))

def results():
    for penalty in (rk.L1(), rk.L1(at_zero=0.0), rk.L2(), rk.ElasticNet(l1_ratio=0.3)):
        sums = w.copy()
        penalty.grad_into(w, 0.1, sums)
        arrays = penalty.grad(w), sums, penalty.prox(w, 0.1), penalty.prox(w, steps)
        assert {array.dtype.name for array in arrays} == {"float64"}
        yield from (array.tobytes() for array in arrays)
        yield penalty.value(w), penalty.dual_norm(w), penalty.subgradient_distance(w, w)

before = list(results())
nnfs.init()
assert np.zeros(1).dtype == np.float32
assert list(results()) == before
"""


def test_nothing_changes_after_somebody_called_nnfs_init():
    """In a process of its own, since `nnfs.init()` replaces NumPy's functions for good."""
    done = subprocess.run([sys.executable, "-c", AFTER_NNFS_INIT], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_from_strengths_says_how_much_is_l1_and_how_much_l2():
    combined = rk.ElasticNet.from_strengths(l1=0.3, l2=0.1, on="dense1")
    assert (combined.strength, combined.on) == (0.4, ("dense1",))
    assert combined.l1_ratio == pytest.approx(0.75)
    assert rk.ElasticNet.from_strengths(l1=0, l2=0).strength == 0
    for strengths in ({"l1": -0.1, "l2": 1.0}, {"l1": 1.0, "l2": float("nan")}):
        with pytest.raises(rk.errors.FieldError, match="strength"):
            rk.ElasticNet.from_strengths(**strengths)


@pytest.mark.parametrize("cls", [rk.L1, rk.L2, rk.ElasticNet])
@pytest.mark.parametrize("strength", [-1e-9, float("inf"), float("nan"), 10**400, "1", None, True])
def test_strengths_must_be_finite_numbers_from_0(cls, strength):
    with pytest.raises(rk.errors.FieldError, match=f"{cls.__name__}: strength must be"):
        cls(strength)


@pytest.mark.parametrize(
    ("cls", "field", "value"),
    [
        (rk.L1, "at_zero", 1.5),
        (rk.L1, "at_zero", -1.5),
        (rk.ElasticNet, "l1_ratio", -0.1),
        (rk.ElasticNet, "l1_ratio", 1.1),
    ],
)
def test_fields_out_of_range_are_refused(cls, field, value):
    with pytest.raises(rk.errors.FieldError, match=rf"{cls.__name__}: {field} must be in \["):
        cls(1.0, **{field: value})
