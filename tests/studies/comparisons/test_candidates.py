import numpy as np
import pytest
from scipy.stats import qmc

from regkit.studies.comparisons.candidates import candidates


def test_one_dimension_is_evenly_spaced_with_both_ends():
    assert candidates(5, 1) == [(0.0,), (0.25,), (0.5,), (0.75,), (1.0,)]
    assert candidates(1, 1) == [(0.5,)]
    assert candidates(7, 0) == [()]


@pytest.mark.parametrize("dimensions", [2, 3, 5])
@pytest.mark.parametrize("count", [8, 64, 200])
def test_more_dimensions_are_filled_more_evenly_than_at_random(count, dimensions):
    points = np.array(candidates(count, dimensions))
    assert points.shape == (count, dimensions)
    assert ((points >= 0) & (points < 1)).all()
    rng = np.random.default_rng(0)
    at_random = [qmc.discrepancy(rng.random(points.shape)) for _ in range(20)]
    assert qmc.discrepancy(points) < np.quantile(at_random, 0.25)
