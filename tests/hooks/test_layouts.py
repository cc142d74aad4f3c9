"""Each layout puts back what it shows, and neurons are columns."""

import numpy as np
import pytest

from regkit.hooks.layouts import NEURONS_FIRST, NEURONS_LAST, ROW


@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_a_row_holds_all_entries_in_their_order(shape):
    w = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    assert np.array_equal(ROW.see(w), [w.ravel()])
    assert np.array_equal(ROW.put(ROW.see(w), w), w)


@pytest.mark.parametrize(("layout", "axis"), [(NEURONS_LAST, -1), (NEURONS_FIRST, 0)])
@pytest.mark.parametrize("shape", [(3, 4), (3, 2, 5, 4), (0, 4), (4, 0)])
def test_each_neuron_is_a_column(layout, axis, shape):
    w = np.random.default_rng(0).standard_normal(shape)
    seen = layout.see(w)
    assert seen.shape == (w.size // max(shape[axis], 1) if w.size else seen.shape[0], shape[axis])
    for neuron in range(shape[axis]):
        assert np.array_equal(seen[:, neuron], np.take(w, neuron, axis).ravel())
    assert np.array_equal(layout.put(seen, w), w)
