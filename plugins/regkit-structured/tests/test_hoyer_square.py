"""Hoyer-square: what it counts, its gradient, and the zero array."""

import numpy as np
import pytest
from regkit_structured import HoyerSquare
from scipy.optimize import check_grad

PENALTY = HoyerSquare()


def random_weights():
    return np.random.default_rng(0).normal(size=(4, 6))


@pytest.mark.parametrize("count", [1, 2, 7, 24])
@pytest.mark.parametrize("scale", [1e-8, 0.3, 1e8])
def test_counts_weights_of_one_size_whatever_the_size(count, scale):
    w = np.zeros(24)
    w[:count] = scale
    w[::2] *= -1
    assert PENALTY.value(w.reshape(4, 6)) == pytest.approx(count, rel=1e-14)


def test_lies_between_one_and_the_number_of_weights():
    for w in np.random.default_rng(1).standard_cauchy(size=(100, 4, 6)):
        assert 1 < PENALTY.value(w) < 24


def test_gradient_is_the_slope_of_the_value():
    w = random_weights()
    error = check_grad(
        lambda flat: PENALTY.value(flat.reshape(w.shape)),
        lambda flat: PENALTY.grad(flat.reshape(w.shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-5


def test_gradient_is_at_right_angles_to_the_weights():
    """The penalty does not change along w, since scale does not matter."""
    w = random_weights()
    assert np.sum(w * PENALTY.grad(w)) == pytest.approx(0, abs=1e-13)


def test_gradient_vanishes_where_all_weights_have_one_size():
    w = np.full((3, 5), 0.3)
    w[1] *= -1
    np.testing.assert_allclose(PENALTY.grad(w), 0, atol=1e-14)


def test_float32_loses_no_digits_where_sizes_are_almost_one():
    w = (0.3 + 1e-4 * random_weights()).astype(np.float32)
    np.testing.assert_allclose(PENALTY.grad(w), PENALTY.grad(w.astype(np.float64)), rtol=1e-6)


def test_a_step_down_shrinks_small_weights_and_grows_large_ones():
    w = np.array([[0.1, -0.2, 1.8, -2.0]])
    assert np.sum(w**2) / np.sum(np.abs(w)) == pytest.approx(1.78, abs=0.01)
    moved = np.abs(w - 1e-3 * PENALTY.grad(w)) - np.abs(w)
    np.testing.assert_array_equal(moved > 0, [[False, False, True, True]])


def test_zeros_stay_zeros():
    w = random_weights()
    w[1] = 0
    w[2, 2] = -0.0
    np.testing.assert_array_equal(PENALTY.grad(w) == 0, w == 0)


@pytest.mark.parametrize("shape", [(3, 4), (0, 4)])
def test_the_zero_array_costs_nothing_and_stays(shape):
    assert PENALTY.value(np.zeros(shape)) == 0
    np.testing.assert_array_equal(PENALTY.grad(np.zeros(shape)), np.zeros(shape))


def test_nan_stays_nan():
    w = random_weights()
    w[0, 0] = np.nan
    assert np.isnan(PENALTY.value(w))
    assert np.all(np.isnan(PENALTY.grad(w)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layout_does_not_matter_and_the_input_is_left_alone(dtype):
    w = random_weights().astype(dtype)
    wide = np.zeros((8, 12), dtype)
    wide[::2, ::2] = w
    for same in (w, np.asfortranarray(w), wide[::2, ::2]):
        same.flags.writeable = False
        assert PENALTY.value(same) == pytest.approx(PENALTY.value(w), rel=1e-13)
        assert PENALTY.grad(same).dtype == dtype
        np.testing.assert_allclose(
            PENALTY.grad(same), PENALTY.grad(w), rtol=16 * np.finfo(dtype).eps
        )
