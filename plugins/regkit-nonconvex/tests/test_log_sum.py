"""Log-sum: its formula, and its proximal operator beyond the step at which two minima arise."""

import math

import numpy as np
import pytest
from regkit_nonconvex import LogSum

from regkit.errors import FieldError


def test_value_is_a_sum_of_logarithms():
    w = np.array([[0.5, -1.5], [0.0, 3.0]])
    by_hand = math.log(2) + math.log(4) + math.log(1) + math.log(7)
    assert LogSum(epsilon=0.5).value(w) == pytest.approx(by_hand, rel=1e-15)


def test_small_weights_lose_no_digits():
    assert LogSum(epsilon=1.0).value(np.array([[1e-20]])) == pytest.approx(1e-20, rel=1e-15, abs=0)
    (shrunk,) = LogSum(epsilon=0.1).prox(np.array([1e-8]), 1e-12)
    assert shrunk == pytest.approx(1e-8 - 1e-12 / (0.1 + shrunk), rel=1e-15, abs=0)


def test_a_weight_above_the_stationary_point_can_still_belong_at_zero():
    """step 1 ≫ ε²: at 1.95 the upper stationary point exists, and 0 is lower; at 2.6 it is not."""
    penalty = LogSum(epsilon=0.1)
    (low, high) = penalty.prox(np.array([1.95, 2.6]), 1.0)
    stationary = max(np.roots([1, 0.1 - 1.95, 1 - 0.195]).real)
    assert stationary > 0.9
    assert low == 0
    assert high == pytest.approx(max(np.roots([1, 0.1 - 2.6, 1 - 0.26])), rel=1e-14)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, float("inf")])
def test_epsilon_is_above_zero_and_finite(epsilon):
    with pytest.raises(FieldError, match="epsilon must be above 0 and finite"):
        LogSum(epsilon=epsilon)
