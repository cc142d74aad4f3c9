"""MCP, against Zhang's parametrization and the cases that can be done by hand."""

import numpy as np
import pytest
from regkit_nonconvex import MCP
from scipy.integrate import quad

from regkit.errors import FieldError


@pytest.mark.parametrize("size", [0.1, 0.5, 0.9, 4.0])
def test_is_the_penalty_of_the_literature(size):
    """Zhang (2010): λ ∫₀ᵗ max(1 − x/(γλ), 0) dx; our γ is the literature's γλ."""
    lam, gamma = 0.3, 2.5
    literature, _ = quad(lambda x: lam * max(1 - x / (gamma * lam), 0), 0, size, points=[0.75])
    ours = lam * MCP(gamma=gamma * lam).value(np.array([[size]]))
    assert ours == pytest.approx(literature, rel=1e-12)


def test_large_weights_are_free():
    w = np.array([[1.0, -3.0, 1e6]])
    penalty = MCP(gamma=0.8)
    assert penalty.value(w) == pytest.approx(3 * 0.4, rel=1e-15)
    np.testing.assert_array_equal(penalty.grad(w), 0)
    np.testing.assert_array_equal(penalty.prox(w, 0.5), w)


def test_the_largest_step_is_a_hard_threshold():
    w = np.array([0.5, np.nextafter(2.0, 0), 2.0, np.nextafter(2.0, 3), -7.0])
    np.testing.assert_array_equal(
        MCP(gamma=2.0).prox(w, 2.0), [0.0, 0.0, 0.0, np.nextafter(2.0, 3), -7.0]
    )


@pytest.mark.parametrize("gamma", [0.0, -1.0, float("inf")])
def test_gamma_is_above_zero_and_finite(gamma):
    with pytest.raises(FieldError, match="gamma must be above 0 and finite"):
        MCP(gamma=gamma)
