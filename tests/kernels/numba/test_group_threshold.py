"""Compiled points of groups, beside the root that SciPy finds for each group.

Covers: regkit/kernels/numba/group_equation.py, regkit/kernels/numba/group_columns.py
Covers: regkit/kernels/numba/group_rows.py
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import brentq

from regkit.kernels.kernels import Kernels
from regkit.kernels.numba import group_threshold
from regkit.kernels.numba.kernels import NumbaKernels
from regkit.kernels.root_steps import RootSteps

DTYPES = ["float32", "float64"]


@pytest.fixture(scope="module")
def kernels():
    """One object for all tests: its memory is used again."""
    return NumbaKernels()


@dataclass
class Case:
    """A matrix whose groups are its rows or its columns."""

    w: np.ndarray
    cache: np.ndarray
    group: float
    entry: float = 0.0
    lr: float = 0.01
    scale: float = 0.2
    epsilon: float = 1e-7
    columns: bool = True

    @property
    def steps(self):
        return RootSteps(self.cache, self.lr, self.scale, self.epsilon)

    def points(self, kernels, out=None):
        out = np.full_like(self.w, np.nan) if out is None else out
        w, cache, into = (one.T if self.columns else one for one in (self.w, self.cache, out))
        assert kernels.group_prox(
            w,
            into,
            replace(self.steps, cache=cache),
            group_strength=self.group,
            entry_strength=self.entry,
        )
        return out

    def oracle(self):
        """Each group on its own, in float64, by bisection."""
        with np.errstate(over="ignore"):
            steps = replace(self.steps, cache=self.cache.astype(float)).array()
        w = self.w.astype(float)
        soft = np.sign(w) * np.maximum(np.abs(w) - steps * self.entry, 0)
        if self.columns:
            return np.stack(
                [point_of(*one, self.group) for one in zip(soft.T, steps.T, strict=True)], axis=1
            )
        return np.stack([point_of(*one, self.group) for one in zip(soft, steps, strict=True)])


def point_of(w, steps, strength):
    """The minimizer of strength ‖x‖ + Σ (x − w)²/(2 step), where steps are above 0."""
    size = np.sqrt(np.sum(w * w))
    pull = strength * steps
    if size == 0 or np.sqrt(np.sum((w / pull) ** 2)) <= 1:
        return np.zeros_like(w)
    # In units of the group's norm, so that it may be of any size.
    w, pull = w / size, pull / size

    def excess(r):
        return np.sqrt(np.sum((w / (r + pull)) ** 2)) - 1

    r = brentq(excess, 0, 1, xtol=1e-300, rtol=8.9e-16)
    return size * w * r / (r + pull)


def drawn(shape, dtype, seed=0, *, size=1.0, dead=0.0, **more):
    """Groups of different sizes, with gradients of different sizes."""
    rng = np.random.default_rng(seed)
    w = (
        rng.standard_normal(shape)
        * rng.uniform(0.01, 1, shape[1])
        * rng.uniform(0.01, 1, (shape[0], 1))
    )
    cache = rng.lognormal(0, 2, shape)
    cache[rng.random(shape) < dead] = 0
    return Case((size * w).astype(dtype), cache.astype(dtype), **more)


def assert_agree(found, case):
    expected = case.oracle()
    assert found.dtype == case.w.dtype
    assert_array_equal(found == 0, expected == 0)
    sizes = np.abs(case.w).max(axis=0 if case.columns else 1, keepdims=True).astype(float)
    scaled = np.where(sizes == 0, 1, sizes)
    eps = np.finfo(case.w.dtype).eps
    assert_allclose(found / scaled, expected / scaled, rtol=0, atol=16 * eps)


@pytest.mark.parametrize("entry", [0.0, 0.01])
@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (50, 64), (33, 65), (70, 200)])
def test_points_are_the_oracle_s(kernels, shape, dtype, columns, entry):
    empty = []
    for seed, group in enumerate((1e-3, 1.0, 4.0, 20.0, 1e3)):
        case = drawn(shape, dtype, seed, group=group, entry=entry, columns=columns)
        found = case.points(kernels)
        assert_agree(found, case)
        empty += list(~found.any(axis=0 if columns else 1))
    assert any(empty)
    assert not all(empty)


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(20, 200), (70, 129), (9, 2), (1, 1)])
def test_two_halves_on_two_threads_have_the_digits_of_one(
    monkeypatch, kernels, shape, dtype, columns
):
    """Whatever the sizes: some groups here leave the range of float32."""
    case = drawn(shape, dtype, group=4.0, entry=0.01, columns=columns)
    case.w[0] *= 1e25
    whole = case.points(kernels)
    monkeypatch.setenv("OPENBLAS_THREAD_TIMEOUT", "16")
    monkeypatch.setattr(group_threshold, "WORTH_A_THREAD", 0)
    for threads in (1, 2):
        halves = NumbaKernels()
        halves.threads = threads
        assert_array_equal(case.points(halves), whole)


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
def test_long_groups_are_summed_as_well(kernels, dtype, columns):
    shape = (5000, 3) if columns else (3, 5000)
    for group in (0.5, 5.0):
        case = drawn(shape, dtype, group=group, columns=columns)
        assert_agree(case.points(kernels), case)


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e-6, 1e6, 1e12, 1e25])
def test_sizes_make_no_difference(kernels, size, dtype, columns):
    """Weights, strengths and rates from where float32 has few digits for a square."""
    for group in (0.5 * size, 5 * size):
        case = drawn((40, 70), dtype, size=size, group=group, columns=columns)
        assert_agree(case.points(kernels), case)
        weak = replace(case, group=group / size, lr=case.lr * size)
        assert_agree(weak.points(kernels), weak)


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("epsilon", [1e-12, 1e-7, 1e-2])
def test_dead_entries_have_enormous_steps(kernels, epsilon, dtype, columns):
    """An entry whose gradient was always 0 moves all the way; the others stay."""
    for dead in (0.05, 0.9):
        case = drawn(
            (40, 70), dtype, dead=dead, group=0.5, entry=0.01, epsilon=epsilon, columns=columns
        )
        found = case.points(kernels)
        assert found.any()
        assert_agree(found, case)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("columns", [True, False])
def test_gradients_from_tiny_to_enormous(kernels, dtype, columns):
    case = drawn((40, 70), dtype, group=0.5, columns=columns)
    case.cache *= (10.0 ** np.random.default_rng(1).uniform(-20, 20, case.w.shape)).astype(dtype)
    for group in (1e-6, 1e-3, 1.0):
        stronger = replace(case, group=group)
        assert_agree(stronger.points(kernels), stronger)


@pytest.mark.parametrize("dtype", DTYPES)
def test_near_the_threshold_the_decision_is_the_oracle_s(kernels, dtype):
    """Groups of equal steps have the closed form max(1 − s/‖w‖, 0)."""
    w = np.ones((16, 6), dtype) * np.array([1 - 1e-3, 1 - 1e-5, 1, 1 + 1e-5, 1 + 1e-3, 1.1], dtype)
    case = Case(w, np.ones_like(w), group=4.0, lr=1.0, scale=1.0, epsilon=1e-30)
    found = case.points(kernels)
    assert_allclose(found[0], np.maximum(w[0] - 1, 0), rtol=0, atol=8 * np.finfo(dtype).eps)
    assert not found[:, :2].any()
    assert (found[:, 3:] > 0).all()


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
def test_groups_of_zeros_stay(kernels, dtype, columns):
    case = drawn((40, 130), dtype, group=0.5, columns=columns)
    gone = slice(10, 12) if columns else (slice(10, 12), slice(None))
    (case.w.T if columns else case.w)[gone] = 0
    found = case.points(kernels)
    assert not (found.T if columns else found)[gone].any()
    assert_agree(found, case)
    nothing = replace(case, w=np.zeros_like(case.w))
    assert not nothing.points(kernels).any()


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_not_a_number_takes_its_group_and_no_other(kernels, dtype, columns):
    case = drawn((40, 70), dtype, group=0.5, columns=columns)
    whole = case.points(kernels)
    for array, value in ((case.w, np.nan), (case.w, np.inf), (case.cache, np.nan)):
        kept = array[3, 5]
        array[3, 5] = value
        found = case.points(kernels)
        array[3, 5] = kept
        of_group = np.zeros_like(whole, bool)
        of_group[(slice(None), 5) if columns else 3] = True
        assert not np.isfinite(found[of_group]).any()
        assert_allclose(found[~of_group], whole[~of_group], rtol=0, atol=np.finfo(dtype).eps)


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
def test_an_entry_without_a_step_keeps_its_value(kernels, dtype, columns):
    case = drawn((40, 70), dtype, group=0.5, columns=columns)
    case.cache[3, 5] = np.inf
    found = case.points(kernels)
    assert found[3, 5] == pytest.approx(case.w[3, 5], rel=1e-6)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
def test_in_place_it_is_the_same_to_the_bit(kernels, dtype, columns):
    case = drawn((40, 130), dtype, group=1.0, entry=0.1, columns=columns)
    elsewhere = case.points(kernels)
    case.points(kernels, out=case.w)
    assert_array_equal(case.w, elsewhere)


@pytest.mark.parametrize("shape", [(0, 5), (5, 0)])
def test_without_entries_there_is_nothing_to_do(kernels, shape):
    case = Case(np.empty(shape, "float32"), np.empty(shape, "float32"), group=1.0)
    assert case.points(kernels).shape == shape


def test_a_group_strength_of_0_and_strided_weights_are_left_to_the_penalty(kernels):
    case = drawn((8, 8), "float32", group=0.0, columns=False)
    given = case.w.copy()
    for w, group in ((case.w, 0.0), (case.w[:, ::2], 1.0)):
        assert not kernels.group_prox(w, w, replace(case.steps, cache=w), group_strength=group)
    assert not Kernels().group_prox(case.w, case.w, case.steps, group_strength=1.0)
    assert_array_equal(case.w, given)


def test_a_point_costs_no_more_than_its_neighbours(kernels):
    """By the definition alone, without an equation."""
    case = drawn((12, 5), "float64", group=0.5)
    steps, found = case.steps.array(), case.points(kernels)

    def cost(x):
        return 0.5 * np.sqrt((x**2).sum(axis=0)).sum() + ((x - case.w) ** 2 / (2 * steps)).sum()

    rng = np.random.default_rng(0)
    for _ in range(20):
        assert cost(found + 1e-4 * rng.standard_normal(found.shape)) >= cost(found)
