"""Gradients that are linear beside a jump at 0: three numbers, and adding them up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from regkit.kernels.linear_gradient import LinearGradient, add_linear_gradient

NUMBERS = st.floats(-100, 100)
GRADIENTS = st.builds(LinearGradient, NUMBERS, NUMBERS, NUMBERS)
W = [-2.0, -1e-30, -0.0, 0.0, 1e-30, 0.5]


def gradient_at(w, gradient, dtype="float64"):
    out = np.zeros(len(w), dtype)
    add_linear_gradient(np.array(w, dtype), out, gradient)
    return out


def by_hand(w, gradient):
    """One entry."""
    jump = gradient.at_zero if w == 0 else gradient.sign if w > 0 else -gradient.sign
    return jump + gradient.multiple * w


@given(st.lists(st.sampled_from(W) | NUMBERS, min_size=1), GRADIENTS)
def test_each_entry_gets_its_jump_and_its_multiple(w, gradient):
    expected = [by_hand(one, gradient) for one in w]
    assert_allclose(gradient_at(w, gradient), expected, rtol=1e-14, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble"])
@pytest.mark.parametrize("at_zero", [0.5, 0.0, -0.5])
def test_both_zeros_get_the_value_at_zero_in_any_precision(dtype, at_zero):
    found = gradient_at([-3.0, -0.0, 0.0, 3.0], LinearGradient(0.5, at_zero), dtype)
    assert found.dtype == dtype
    assert found.tolist() == [-0.5, at_zero, at_zero, 0.5]


@pytest.mark.parametrize("at_zero", [-0.5, 0.25])
def test_a_jump_downwards_is_a_jump_too(at_zero):
    found = gradient_at([-3.0, 0.0, 3.0], LinearGradient(-0.5, at_zero))
    assert found.tolist() == [0.5, at_zero, -0.5]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_not_finite_is_multiplied_as_it_is(dtype):
    with np.errstate(invalid="ignore"):
        found = gradient_at([np.nan, np.inf, -np.inf], LinearGradient(1.0, 1.0, 2.0), dtype)
    assert np.isnan(found[0])
    assert found[1:].tolist() == [np.inf, -np.inf]


@given(GRADIENTS, GRADIENTS, NUMBERS)
def test_gradients_can_be_added_and_multiplied(first, second, factor):
    together = factor * (first + second)
    separate = factor * gradient_at(W, first) + factor * gradient_at(W, second)
    assert_allclose(gradient_at(W, together), separate, rtol=1e-10, atol=1e-8)


def test_it_is_added_to_what_is_there_in_the_memory_that_is_given():
    w, out = np.linspace(-1, 1, 10), np.arange(10.0)
    scratch = np.empty(3)
    add_linear_gradient(w, out, LinearGradient(multiple=2.0), scratch)
    assert_allclose(out, np.arange(10.0) + 2 * w, rtol=1e-15)
    assert scratch[0] == 2 * w[-1]
