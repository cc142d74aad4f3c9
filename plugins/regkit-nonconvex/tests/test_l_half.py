"""ℓ½: its threshold, its jump, and the root that its proximal operator takes."""

import numpy as np
import pytest
from regkit_nonconvex import LHalf


def test_value_is_a_sum_of_square_roots():
    assert LHalf().value(np.array([[4.0, -9.0], [0.0, 0.25]])) == 2 + 3 + 0.5


def test_prox_jumps_from_zero_to_two_thirds():
    step = 0.064
    threshold = 1.5 * 0.16
    below, above = LHalf().prox(threshold * np.array([1 - 1e-9, 1 + 1e-9]), step)
    assert below == 0
    assert above == pytest.approx(0.16, rel=1e-7)


@pytest.mark.parametrize("w", [0.25, 0.5, 3.0, 1e6])
def test_prox_is_the_largest_root_of_the_stationary_equation(w):
    """With x = r², the equation x − w + step/(2√x) = 0 is the cubic r³ − wr + step/2 = 0."""
    step = 0.064
    largest = max(np.roots([1, 0, -w, step / 2]).real) ** 2
    assert LHalf().prox(np.array([w]), step)[0] == pytest.approx(largest, rel=1e-12)
