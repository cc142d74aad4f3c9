"""Group lasso: which weights form a group, its gradient, and its proximal operator."""

import math

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso
from scipy.optimize import check_grad, minimize

BOTH = [GroupLasso(groups="incoming"), GroupLasso(groups="outgoing")]
both = pytest.mark.parametrize("penalty", BOTH, ids=lambda penalty: penalty.groups)

# 3 inputs, 2 neurons; norms of columns 13 and 5, of rows 5, 12 and 4.
W = np.array([[3.0, 4.0], [12.0, 0.0], [4.0, 0.0]])


def in_groups(penalty, w):
    """The same array with its groups as rows."""
    return w.T if penalty.groups == "incoming" else w


def random_weights(shape=(4, 6)):
    return np.random.default_rng(0).normal(size=shape)


def test_incoming_groups_are_the_weights_into_one_neuron():
    assert GroupLasso().value(W) == pytest.approx(math.sqrt(3) * (13 + 4), rel=1e-15)


def test_outgoing_groups_are_the_weights_leaving_one_input():
    assert GroupLasso(groups="outgoing").value(W) == pytest.approx(
        math.sqrt(2) * (5 + 12 + 4), rel=1e-15
    )


def test_biases_are_the_weights_leaving_a_constant_input():
    biases = np.array([[3.0, -4.0, 0.0]])
    assert GroupLasso(groups="incoming").value(biases) == 3 + 4
    assert GroupLasso(groups="outgoing").value(biases) == pytest.approx(math.sqrt(3) * 5)


@both
def test_gradient_is_the_slope_of_the_value(penalty):
    w = random_weights()
    error = check_grad(
        lambda flat: penalty.value(flat.reshape(w.shape)),
        lambda flat: penalty.grad(flat.reshape(w.shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-6


@both
def test_gradient_of_an_empty_group_is_zero(penalty):
    w = random_weights()
    in_groups(penalty, w)[1:3] = [[0.0], [-0.0]]
    gradient = in_groups(penalty, penalty.grad(w))
    np.testing.assert_array_equal(gradient[1:3], 0)
    assert np.all(gradient[0] != 0)


@both
def test_subgradient_inequality_holds_at_an_empty_group(penalty):
    w = random_weights()
    in_groups(penalty, w)[1] = 0
    other = random_weights((4, 6)) + np.random.default_rng(1).normal(size=(200, 4, 6))
    for x in other:
        assert penalty.value(x) >= penalty.value(w) + np.sum(penalty.grad(w) * (x - w)) - 1e-12


@both
@pytest.mark.parametrize("step", [1e-3, 0.3, 0.9])
def test_prox_is_the_least_point_of_its_objective(penalty, step):
    w = random_weights((2, 2))

    def objective(x):
        return step * penalty.value(x.reshape(2, 2)) + 0.5 * np.sum((x - w.ravel()) ** 2)

    starts = [w.ravel(), 0.5 * w.ravel(), np.zeros(4)]
    options = {"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000}
    found = [minimize(objective, x, method="Nelder-Mead", options=options).fun for x in starts]
    assert objective(penalty.prox(w, step).ravel()) <= min(found) + 1e-12


@both
def test_prox_empties_groups_and_turns_none(penalty):
    w = random_weights()
    step = 0.8
    groups, shrunk = in_groups(penalty, w), in_groups(penalty, penalty.prox(w, step))
    short = np.linalg.norm(groups, axis=1) <= step * math.sqrt(groups.shape[1])
    assert 0 < np.count_nonzero(short) < len(groups)
    np.testing.assert_array_equal(shrunk[short], 0)
    factors = shrunk[~short] / groups[~short]
    np.testing.assert_allclose(factors, factors[:, :1].repeat(groups.shape[1], 1), rtol=1e-14)


@both
def test_a_group_below_its_threshold_empties_and_one_above_stays(penalty):
    groups = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    w = in_groups(penalty, groups)
    shrunk = in_groups(penalty, penalty.prox(w, 1 / math.sqrt(2)))
    np.testing.assert_allclose(shrunk, [[2.4, 3.2], [0.0, 0.0], [0.0, 0.0]], rtol=1e-15)


@both
def test_nan_stays_in_its_group(penalty):
    w = random_weights()
    w[0, 0] = np.nan
    assert np.isnan(penalty.value(w))
    for result in (penalty.grad(w), penalty.prox(w, 0.3)):
        is_nan = np.isnan(in_groups(penalty, result))
        assert np.all(is_nan[0])
        assert not np.any(is_nan[1:])


@both
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layout_does_not_matter_and_the_input_is_left_alone(penalty, dtype):
    w = random_weights().astype(dtype)
    wide = np.zeros((8, 12), dtype)
    wide[::2, ::2] = w
    for same in (w, np.asfortranarray(w), wide[::2, ::2]):
        same.flags.writeable = False
        assert penalty.value(same) == pytest.approx(penalty.value(w), rel=1e-14)
        assert penalty.grad(same).dtype == penalty.prox(same, 0.3).dtype == dtype
        rounding = 4 * np.finfo(dtype).eps
        np.testing.assert_allclose(penalty.grad(same), penalty.grad(w), rtol=rounding)
        np.testing.assert_allclose(penalty.prox(same, 0.3), penalty.prox(w, 0.3), rtol=rounding)


@both
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_homogeneous_at_extreme_scales(penalty, scale):
    w = random_weights()
    small = (scale * w).astype(np.float32)
    assert penalty.value(small) == pytest.approx(scale * penalty.value(w), rel=1e-6)
    np.testing.assert_allclose(penalty.grad(small), penalty.grad(w), rtol=1e-6)


def test_float32_is_summed_in_float64():
    column = np.full((1_000_000, 1), 0.1, np.float32)
    norm = 1000 * float(column[0, 0])
    assert GroupLasso().value(column) == pytest.approx(1000 * norm, rel=1e-12)


@both
@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty_arrays_cost_nothing(penalty, shape):
    w = np.zeros(shape)
    assert penalty.value(w) == 0
    assert penalty.grad(w).shape == penalty.prox(w, 0.1).shape == shape
