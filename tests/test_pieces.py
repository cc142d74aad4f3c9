"""Walking over arrays in pieces: every entry once, in places that match, none too large."""

import numpy as np
import pytest

from regkit.pieces import PIECE_BYTES, pieces

LAYOUTS = {
    "C": lambda shape: np.zeros(shape),
    "F": lambda shape: np.zeros(shape, order="F"),
    "strided": lambda shape: np.zeros([2 * length for length in shape])[
        (slice(None, None, 2),) * len(shape)
    ],
    "transposed": lambda shape: np.zeros(shape[::-1]).T,
}
ENTRIES = PIECE_BYTES // 8


@pytest.mark.parametrize("second", LAYOUTS)
@pytest.mark.parametrize("first", LAYOUTS)
@pytest.mark.parametrize(
    "shape",
    [
        (0, 3),
        (1, 1),
        (7, 5),
        (3, ENTRIES + 1),
        (ENTRIES + 1, 3),
        (1, 3 * ENTRIES),
        (ENTRIES, 1),
        (2, 3, ENTRIES),
    ],
)
def test_every_entry_is_met_once_at_the_same_place(shape, first, second):
    counted, numbered = LAYOUTS[first](shape), LAYOUTS[second](shape)
    numbered[...] = np.arange(counted.size).reshape(shape)
    expected = numbered + 1
    for count, number in pieces(counted, numbered):
        assert count.shape == number.shape
        assert count.nbytes <= PIECE_BYTES
        count += number + 1
    assert np.array_equal(counted, expected)


def test_small_arrays_are_one_piece():
    w = np.zeros((ENTRIES, 1))
    assert len(list(pieces(w))) == 1
    assert len(list(pieces(w, itemsize=16))) == 2
