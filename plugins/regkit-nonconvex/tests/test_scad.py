"""SCAD, against Fan and Li's derivative and their proximal operator."""

import numpy as np
import pytest
from regkit_nonconvex import SCAD
from scipy.integrate import quad

from regkit.errors import FieldError


def fan_li_derivative(size, lam, a):
    """Fan & Li (2001), equation 2.7."""
    return lam * ((size <= lam) + max(a * lam - size, 0) / ((a - 1) * lam) * (size > lam))


@pytest.mark.parametrize("size", [0.1, 0.4, 1.0, 3.0])
def test_is_the_penalty_of_the_literature(size):
    lam, a = 0.4, 3.7
    literature, _ = quad(fan_li_derivative, 0, size, args=(lam, a), points=[lam, a * lam])
    w = np.array([[size]])
    assert lam * SCAD(knee=lam, a=a).value(w) == pytest.approx(literature, rel=1e-10)
    assert lam * SCAD(knee=lam, a=a).grad(w)[0, 0] == pytest.approx(
        fan_li_derivative(size, lam, a), rel=1e-12
    )


def test_prox_is_the_threshold_of_the_literature():
    """Fan & Li (2001), equation 2.8: soft up to 2λ, a line up to aλ, the identity beyond."""
    lam, a = 0.4, 3.7
    sizes = np.array([0.2, 0.5, 0.79, 0.81, 1.2, 1.47, 1.49, 5.0])
    soft = np.maximum(sizes - lam, 0)
    line = ((a - 1) * sizes - a * lam) / (a - 2)
    literature = np.where(sizes <= 2 * lam, soft, np.where(sizes <= a * lam, line, sizes))
    np.testing.assert_allclose(SCAD(knee=lam, a=a).prox(sizes, lam), literature, rtol=1e-14)


def test_large_weights_are_free():
    w = np.array([[1.2, -3.0, 1e6]])
    penalty = SCAD(knee=0.3, a=3.0)
    assert penalty.value(w) == pytest.approx(3 * 0.6, rel=1e-15)
    np.testing.assert_array_equal(penalty.grad(w), 0)
    np.testing.assert_array_equal(penalty.prox(w, 0.2), w)


def test_the_largest_step_leaves_no_line_between():
    """At step (a−1)k the threshold is soft up to ak and the identity beyond."""
    w = np.array([0.5, 1.5, 2.4, 2.6, 8.0])
    np.testing.assert_allclose(
        SCAD(knee=1.0, a=2.5).prox(w, 1.5), [0.0, 0.0, 0.9, 2.6, 8.0], rtol=1e-14, atol=1e-15
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"knee": 0.0}, "knee must be above 0"),
        ({"knee": float("inf")}, "knee must be above 0 and finite"),
        ({"a": 1.0}, "a must be above 1"),
        ({"a": float("inf")}, "a must be above 1 and finite"),
    ],
)
def test_fields_out_of_range_are_refused(fields, message):
    with pytest.raises(FieldError, match=message):
        SCAD(**fields)
