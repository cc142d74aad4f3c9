"""Unit norm, by hand, and at points that have no direction."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from regkit_constraints import UnitNorm


def test_columns_get_length_one_and_keep_their_direction():
    w = np.array([[3.0, -0.03], [4.0, 0.04]])
    assert_allclose(UnitNorm().projection(w), [[0.6, -0.6], [0.8, 0.8]], rtol=1e-15)


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_a_column_of_zeros_becomes_one_fixed_unit_vector(zero):
    w = np.array([[zero, 3.0]] * 4)
    point = UnitNorm().projection(w)
    assert_array_equal(point, [[0.5, 0.5]] * 4)
    assert_array_equal(UnitNorm().projection(point), point)


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-200, 1e200, 1e305])
def test_no_square_overflows_or_vanishes(size):
    assert_allclose(UnitNorm().projection(np.full((4, 1), size)), np.full((4, 1), 0.5), rtol=1e-14)


def test_biases_become_signs():
    assert_array_equal(UnitNorm().projection(np.array([[0.2, -7.0]])), [[1.0, -1.0]])
