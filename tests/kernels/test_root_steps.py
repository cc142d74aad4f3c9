"""Steps that are made of a cache and three numbers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from regkit.kernels.root_steps import RootSteps


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_they_are_the_rate_over_the_divisor_in_the_type_of_the_cache(dtype):
    cache = np.array([[0.0, 1.0], [4.0, 9.0]], dtype)
    steps = RootSteps(cache, lr=0.5, scale=2.0, epsilon=1.0)
    assert_allclose(steps.divisor(), [[1, 3], [5, 7]], rtol=1e-6)
    assert_allclose(steps.array(), [[0.5, 0.5 / 3], [0.1, 0.5 / 7]], rtol=1e-6)
    assert steps.array().dtype == steps.divisor().dtype == dtype
    assert_array_equal(cache, [[0, 1], [4, 9]])


def test_those_of_another_cache_have_the_same_numbers():
    cache = np.arange(6.0).reshape(2, 3)
    steps = RootSteps(np.ones(4), lr=0.5, scale=2.0, epsilon=1.0).of(cache)
    assert_array_equal(steps.array(), 0.5 / (2 * np.sqrt(cache) + 1))
    assert steps.cache is cache
