"""L2 of outputs."""

import numpy as np
from regkit_activity import ActivityL2

PENALTY = ActivityL2(on="tanh1")


def test_is_the_sum_of_squares_without_a_half():
    a = np.array([[1.0, -2.0], [0.5, 0.0]])
    assert PENALTY.value(a) == 5.25
    np.testing.assert_array_equal(PENALTY.grad(a), [[2, -4], [1, 0]])


def test_squares_are_taken_in_float64():
    a = np.array([[3e20, 1e-30]], np.float32)
    wide = a.astype(float)
    assert PENALTY.value(a) == np.sum(wide * wide)
