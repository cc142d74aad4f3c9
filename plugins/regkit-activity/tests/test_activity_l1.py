"""L1 of outputs."""

import numpy as np
from regkit_activity import ActivityL1

PENALTY = ActivityL1(on="relu1")


def test_is_the_sum_of_sizes():
    a = np.array([[1.0, -2.0, 0.0], [0.5, 0.0, -4.0]])
    assert PENALTY.value(a) == 7.5
    np.testing.assert_array_equal(PENALTY.grad(a), [[1, -1, 0], [1, 0, -1]])


def test_silent_outputs_are_left_alone():
    """At 0.0 and −0.0, the outputs of a ReLU that is off."""
    assert not PENALTY.grad(np.array([[0.0, -0.0]])).any()


def test_many_small_outputs_are_not_lost():
    a = np.full((1000, 1000), 1.1, np.float32)
    assert abs(PENALTY.value(a) - 1e6 * float(np.float32(1.1))) < 1e-6
