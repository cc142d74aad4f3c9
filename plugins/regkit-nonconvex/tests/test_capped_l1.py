"""Capped L1: L1 below the cap, nothing above it."""

import numpy as np
import pytest
from regkit_nonconvex import CappedL1

from regkit.errors import FieldError


def test_is_l1_below_the_cap_and_constant_above():
    w = np.array([[0.25, -0.5, 0.75, -9.0]])
    penalty = CappedL1(cap=0.5)
    assert penalty.value(w) == 0.25 + 0.5 + 0.5 + 0.5
    np.testing.assert_array_equal(penalty.grad(w), [[1.0, 0.0, 0.0, 0.0]])


def test_prox_is_soft_up_to_cap_plus_half_a_step():
    """The soft threshold and the identity cost the same at cap + step/2."""
    penalty = CappedL1(cap=1.0)
    w = np.array([0.3, 1.0, 1.19, 1.21, -5.0])
    np.testing.assert_allclose(penalty.prox(w, 0.4), [0.0, 0.6, 0.79, 1.21, -5.0], rtol=1e-14)


def test_prox_with_a_long_step_is_a_hard_threshold():
    """Where step > 2 cap, 0 costs w²/2 and w costs step · cap: they tie at √(2 step cap)."""
    penalty = CappedL1(cap=0.5)
    w = np.array([1.9, 2.1])
    np.testing.assert_array_equal(penalty.prox(w, 4.0), [0.0, 2.1])


@pytest.mark.parametrize("cap", [0.0, -1.0, float("inf")])
def test_cap_is_above_zero_and_finite(cap):
    with pytest.raises(FieldError, match="cap must be above 0 and finite"):
        CappedL1(cap=cap)
