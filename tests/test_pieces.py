"""Walking over arrays in pieces: every entry once, in places that match, none too large."""

import numpy as np
import pytest

from regkit.pieces import PIECE, pieces, pieces_with_scratch

LAYOUTS = {
    "C": lambda shape: np.zeros(shape),
    "F": lambda shape: np.zeros(shape, order="F"),
    "strided": lambda shape: np.zeros([2 * length for length in shape])[
        (slice(None, None, 2),) * len(shape)
    ],
    "transposed": lambda shape: np.zeros(shape[::-1]).T,
}


@pytest.mark.parametrize("second", LAYOUTS)
@pytest.mark.parametrize("first", LAYOUTS)
@pytest.mark.parametrize(
    "shape",
    [
        (0, 3),
        (1, 1),
        (7, 5),
        (3, PIECE + 1),
        (PIECE + 1, 3),
        (1, 3 * PIECE),
        (PIECE, 1),
        (2, 3, PIECE),
    ],
)
def test_every_entry_is_met_once_at_the_same_place(shape, first, second):
    counted, numbered = LAYOUTS[first](shape), LAYOUTS[second](shape)
    numbered[...] = np.arange(counted.size).reshape(shape)
    expected = numbered + 1
    for count, number in pieces(counted, numbered):
        assert count.shape == number.shape
        assert count.size <= PIECE
        count += number + 1
    assert np.array_equal(counted, expected)


def test_small_arrays_are_one_piece():
    w = np.zeros((PIECE, 1))
    assert len(list(pieces(w))) == 1
    assert len(list(pieces(w, entries=PIECE // 2))) == 2


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("given", [None, 0, 1, 100, 10 * PIECE])
def test_scratch_is_one_memory_in_the_shape_of_each_piece(layout, given):
    w, out = LAYOUTS[layout]((3, PIECE)), LAYOUTS[layout]((3, PIECE))
    w[...] = np.arange(w.size).reshape(w.shape)
    scratch = None if given is None else np.empty(given)
    memories = set()
    for w_piece, out_piece, space in pieces_with_scratch(w, out, scratch):
        assert space.shape == w_piece.shape
        assert space.size <= (given or PIECE)
        memories.add(space.__array_interface__["data"][0])
        np.add(w_piece, 1, out=space)
        out_piece += space
    assert np.array_equal(out, w + 1)
    assert len(memories) == 1
    if given:
        assert memories == {scratch.__array_interface__["data"][0]}
