"""L1, L2 and the elastic net: values, gradients, in-place accumulation and proximal points.

Covers: regkit/regularizers/elastic_net.py, regkit/regularizers/l1.py, regkit/regularizers/l2.py
Covers: regkit/regularizers/with_linear_gradient.py
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

import regkit as rk
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
        assert regularizer.penalty_grad(layer(w, grads={"weights": sums})) is None
        accuracy = 2 * np.finfo(dtype).eps
        assert_allclose(sums, before + returned, rtol=accuracy, atol=accuracy)
        assert sums.dtype == returned.dtype == w.dtype


@pytest.mark.parametrize("order", ["C", "F", "strided"])
@pytest.mark.parametrize("regularizer", BUILT_IN.values(), ids=BUILT_IN.keys())
def test_the_kernels_of_a_run_change_nothing(regularizer, order):
    w = large("float32", order)
    without, sums = np.ones_like(w), np.ones_like(w)
    regularizer.penalty_grad(layer(w, grads={"weights": without}))
    regularizer.penalty_grad(layer(w, grads={"weights": sums}, kernels=Kernels()))
    assert np.array_equal(sums, without)


def test_a_subclass_with_its_own_grad_into_is_called_through_it():
    class Noisy(rk.L2):
        def grad_into(self, w, scale, out):
            out += 7.0

    sums = np.zeros((2, 2))
    Noisy().penalty_grad(layer(np.ones((2, 2)), grads={"weights": sums}, kernels=Kernels()))
    assert np.array_equal(sums, np.full((2, 2), 7.0))


def test_sums_that_are_read_only_are_no_door():
    sums = np.zeros((2, 2))
    sums.flags.writeable = False
    returned = rk.L2().penalty_grad(layer(np.ones((2, 2)), grads={"weights": sums}))
    assert np.array_equal(returned["weights"], np.full((2, 2), 2.0))


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
