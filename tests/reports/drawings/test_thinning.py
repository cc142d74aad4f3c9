"""Dense curves lose points, but neither peaks nor ends."""

import numpy as np
import pytest

from regkit.reports.drawings.thinning import MOST_POINTS, kept, thinned
from regkit.reports.pictures.over_epochs import Curve


def test_few_points_are_all_kept():
    assert kept([np.zeros(7)], 7) == list(range(7))


@pytest.mark.parametrize(("columns", "most"), [(1, 4), (1, 60), (3, 200)])
def test_ends_and_the_least_and_largest_of_each_column_are_kept(columns, most):
    chance = np.random.default_rng(0)
    curves = [chance.normal(size=3001) for _ in range(columns)]
    at = kept(curves, most)
    assert most // 2 <= len(at) <= most
    assert at == sorted(set(at))
    assert {0, 3000} <= set(at)
    for curve in curves:
        assert {int(curve.argmin()), int(curve.argmax())} <= set(at)


def test_what_is_not_a_number_is_no_peak():
    curve = np.linspace(0, 1, 1000)
    curve[400:402], curve[700], curve[710] = np.nan, 5.0, -5.0
    assert {700, 710} <= set(kept([curve], 8))


def test_a_band_is_thinned_with_its_line():
    values = np.sin(np.arange(5000) / 3)
    band = (values - 1, values + 2)
    found = thinned(Curve("a", np.arange(5000), values, {}, band))
    assert len(found.epochs) <= MOST_POINTS
    np.testing.assert_array_equal(found.band[1], found.values + 2)
    np.testing.assert_array_equal(found.band[0], found.values - 1)
    np.testing.assert_array_equal(values[found.epochs], found.values)
