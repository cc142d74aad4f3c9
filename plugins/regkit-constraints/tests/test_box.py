"""The box and the non-negative numbers: bounds, and what they may be."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from regkit_constraints import Box, NonNegative

from regkit.errors import FieldError

W = np.array([[-np.inf, -2.0, -0.0], [0.5, 3.0, np.inf]])


def test_entries_are_clipped():
    assert_array_equal(Box(low=-1.0, high=2.0).projection(W), [[-1, -1, 0], [0.5, 2, 2]])
    assert_array_equal(NonNegative().projection(W), [[0, 0, 0], [0.5, 3, np.inf]])


def test_one_bound_is_enough():
    assert_array_equal(Box(low=-np.inf).projection(W), np.minimum(W, 1))
    assert_array_equal(Box(low=0.0, high=np.inf).projection(W), NonNegative().projection(W))


def test_equal_bounds_hold_weights_at_one_number():
    assert_array_equal(Box(low=0.25, high=0.25).projection(W), np.full(W.shape, 0.25))


@pytest.mark.parametrize(("low", "high"), [(1.0, 0.5), (np.inf, np.inf), (-np.inf, -np.inf)])
def test_bounds_have_a_finite_number_between_them(low, high):
    with pytest.raises(FieldError, match="low must be at most high"):
        Box(low=low, high=high)
