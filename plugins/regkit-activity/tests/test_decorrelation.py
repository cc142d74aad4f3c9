"""Decorrelation, against NumPy's covariances and against differences of its value."""

import numpy as np
import pytest
from regkit_activity import Decorrelation
from scipy.optimize import approx_fprime

PENALTY = Decorrelation(on="relu1")


def outputs(samples, neurons):
    return np.random.default_rng(samples).standard_normal((samples, neurons)) + 3


@pytest.mark.parametrize(("samples", "neurons"), [(2, 2), (7, 3), (4, 9), (30, 1)])
def test_is_samples_times_the_published_value(samples, neurons):
    """Cogswell et al. (2016), equation 1: ½ (‖C‖² − ‖diag C‖²)."""
    a = outputs(samples, neurons)
    C = np.cov(a, rowvar=False, bias=True).reshape(neurons, neurons)
    published = 0.5 * (np.linalg.norm(C) ** 2 - np.linalg.norm(np.diag(C)) ** 2)
    assert PENALTY.value(a) == pytest.approx(samples * published, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize(("samples", "neurons"), [(2, 2), (7, 3), (4, 9)])
def test_gradient_is_the_slope_of_the_value(samples, neurons):
    a = outputs(samples, neurons)
    slopes = approx_fprime(a.ravel(), lambda x: PENALTY.value(x.reshape(a.shape)), 1e-7)
    np.testing.assert_allclose(PENALTY.grad(a).ravel(), slopes, rtol=1e-4, atol=1e-5)


def test_the_batch_does_not_count_a_common_offset():
    a = outputs(9, 4)
    moved = a + np.array([1.0, -5.0, 20.0, 0.0])
    assert PENALTY.value(moved) == pytest.approx(PENALTY.value(a), rel=1e-12)
    np.testing.assert_allclose(PENALTY.grad(a).sum(axis=0), 0, atol=1e-12)


def test_uncorrelated_outputs_cost_nothing_however_large():
    a = 1e6 * np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    assert PENALTY.value(a) == 0
    assert not PENALTY.grad(a).any()


def test_neurons_that_always_say_the_same_cost_nothing():
    """0.1 is not exact in binary, and neither is the mean of three of it."""
    a = np.repeat([[0.1, 0.7, -1 / 3]], 3, axis=0)
    assert PENALTY.value(a) == 0
    assert not PENALTY.grad(a).any()


def test_one_sample_has_no_covariance():
    a = outputs(1, 4)
    assert PENALTY.value(a) == 0
    assert not PENALTY.grad(a).any()


def test_small_covariances_beside_large_variances_keep_their_digits():
    """The diagonal is left out of the sum: subtracted, it would leave no digit."""
    signs = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    a = 1e6 * signs
    a[0, 0] += 1e-3
    centred = a - a.mean(axis=0)
    covariance = np.mean(centred[:, 0] * centred[:, 1])
    assert covariance != 0
    assert PENALTY.value(a) == pytest.approx(4 * covariance**2, rel=1e-6, abs=0)
