"""Views that refuse to be written to."""

import numpy as np
import pytest

from regkit.array_types import read_only


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_read_only_view_shows_the_array_and_refuses_to_be_written_to(order):
    array = np.arange(6.0).reshape(2, 3).copy(order=order)
    view = read_only(array)
    assert np.shares_memory(view, array)
    array[1, 2] = -1.0
    assert np.array_equal(view, array)
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        view += 1.0


def test_the_array_itself_stays_writable():
    array = np.zeros(3)
    read_only(array)
    array[0] = 1.0
    assert array.tolist() == [1.0, 0.0, 0.0]
