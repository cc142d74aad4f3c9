"""Max norm: by hand, against Keras' formula, and what its radius may be."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from regkit_constraints import MaxNorm

from regkit.errors import FieldError


def test_long_columns_are_shortened_and_short_ones_kept():
    w = np.array([[3.0, 0.3], [4.0, 0.4]])
    assert_allclose(MaxNorm(radius=1.0).projection(w), [[0.6, 0.3], [0.8, 0.4]], rtol=1e-15)


def test_rows_are_the_groups_of_outgoing_weights():
    w = np.array([[3.0, 4.0], [0.3, 0.4]])
    found = MaxNorm(radius=1.0, groups="outgoing").projection(w)
    assert_allclose(found, [[0.6, 0.8], [0.3, 0.4]], rtol=1e-15)


def test_each_bias_is_a_group_of_its_own_unless_they_are_outgoing():
    biases = np.array([[3.0, -4.0, 0.5]])
    assert_array_equal(MaxNorm(radius=2.0).projection(biases), [[2.0, -2.0, 0.5]])
    outgoing = MaxNorm(radius=1.0, groups="outgoing").projection(biases)
    assert np.linalg.norm(outgoing) == pytest.approx(1.0, rel=1e-15)


def test_the_formula_of_keras_shrinks_a_feasible_column_at_each_application():
    """keras/src/constraints/constraints.py, MaxNorm: w · clip(‖w‖, 0, max) / (ε + ‖w‖)."""

    def keras(w, radius):
        norms = np.sqrt((w**2).sum(axis=0, keepdims=True))
        return w * (np.clip(norms, 0, radius) / (1e-7 + norms))

    w = np.array([[0.6, 3.0], [0.8, 4.0]])
    theirs, ours = w, w
    for _ in range(10_000):
        theirs, ours = keras(theirs, 2.0), MaxNorm(radius=2.0).projection(ours)
    assert np.linalg.norm(theirs[:, 0]) < 1 - 9e-4
    assert_array_equal(ours, MaxNorm(radius=2.0).projection(w))
    assert_array_equal(ours[:, 0], w[:, 0])


@pytest.mark.parametrize("radius", [1e-300, 1e-20, 1e20, 1e300])
@pytest.mark.parametrize("size", [5e-324, 1e-200, 1.0, 1e200, 1e305])
def test_no_square_overflows_or_vanishes(radius, size):
    w = np.full((4, 1), size)
    expected = min(size, radius / 2)
    assert_allclose(MaxNorm(radius=radius).projection(w), np.full((4, 1), expected), rtol=1e-14)


@pytest.mark.parametrize("radius", [0.0, -1.0, float("inf")])
def test_the_radius_is_above_zero_and_finite(radius):
    with pytest.raises(FieldError, match="radius must be above 0 and finite"):
        MaxNorm(radius=radius)
