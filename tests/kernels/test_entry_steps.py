"""The steps of a layer, as a hook reads them."""

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from regkit.kernels.entry_steps import EntrySteps
from regkit.kernels.kernels import Kernels
from regkit.kernels.root_steps import RootSteps


@pytest.fixture
def steps():
    caches = {"weights": np.arange(6.0).reshape(2, 3), "biases": np.ones((1, 3))}
    uncomputed = {name: RootSteps(cache, 0.1, 2.0, 0.5) for name, cache in caches.items()}
    return EntrySteps(uncomputed, {}, Kernels())


def test_they_are_a_mapping_from_each_parameter_to_its_array(steps):
    assert isinstance(steps, Mapping)
    assert list(steps) == ["weights", "biases"]
    assert len(steps) == 2
    assert_array_equal(steps["weights"], 0.1 / (2 * np.sqrt(np.arange(6.0).reshape(2, 3)) + 0.5))
    assert_array_equal(steps["biases"], np.full((1, 3), 0.1 / 2.5))
    assert "other" not in steps


def test_every_reader_gets_the_same_array_and_none_can_write_to_it(steps):
    first = steps["weights"]
    assert steps["weights"] is first
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1
