"""Walking over arrays in chunks: every entry once, in places that match, none too large."""

import math

import numpy as np
import pytest

from regkit.kernels.chunks import CHUNK, chunks, chunks_with_scratch, total

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
        (3, CHUNK + 1),
        (CHUNK + 1, 3),
        (1, 3 * CHUNK),
        (CHUNK, 1),
        (2, 3, CHUNK),
    ],
)
def test_every_entry_is_met_once_at_the_same_place(shape, first, second):
    counted, numbered = LAYOUTS[first](shape), LAYOUTS[second](shape)
    numbered[...] = np.arange(counted.size).reshape(shape)
    expected = numbered + 1
    for count, number in chunks(counted, numbered):
        assert count.shape == number.shape
        assert count.size <= CHUNK
        count += number + 1
    assert np.array_equal(counted, expected)


def test_small_arrays_are_one_chunk():
    w = np.zeros((CHUNK, 1))
    assert len(list(chunks(w))) == 1
    assert len(list(chunks(w, entries=CHUNK // 2))) == 2


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("given", [None, 0, 1, 100, 10 * CHUNK])
def test_scratch_is_one_memory_in_the_shape_of_each_chunk(layout, given):
    w, out = LAYOUTS[layout]((3, CHUNK)), LAYOUTS[layout]((3, CHUNK))
    w[...] = np.arange(w.size).reshape(w.shape)
    scratch = None if given is None else np.empty(given)
    memories = set()
    for w_chunk, out_chunk, space in chunks_with_scratch(w, out, scratch):
        assert space.shape == w_chunk.shape
        assert space.size <= (given or CHUNK)
        memories.add(space.__array_interface__["data"][0])
        np.add(w_chunk, 1, out=space)
        out_chunk += space
    assert np.array_equal(out, w + 1)
    assert len(memories) == 1
    if given:
        assert memories == {scratch.__array_interface__["data"][0]}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("power", "entry"), [(1, abs), (2, lambda w: w * w)])
def test_totals_are_taken_in_double_precision(layout, power, entry):
    w = LAYOUTS[layout]((3, CHUNK)).astype("float32")
    w[...] = np.random.default_rng(0).standard_normal(w.shape)
    exact = math.fsum(map(entry, w.ravel().tolist()))
    assert total(w, power=power) == pytest.approx(exact, rel=1e-13)
