"""The arrays on which the laws are tried: always the same, of every shape and size."""

import numpy as np
import pytest

from regkit.kernels.chunks import CHUNK
from regkit.testing import case
from regkit.testing.cases import (
    EMPTY,
    LARGE,
    PATTERNS,
    SMALL,
    gradient_cases,
    ordinary_cases,
    value_cases,
    zero_cases,
)

FAMILIES = [gradient_cases, value_cases, zero_cases, ordinary_cases]


def without_zeros(array):
    return array[array != 0]


@pytest.mark.parametrize("cases", FAMILIES, ids=lambda cases: cases.__name__)
def test_the_same_seed_gives_the_same_cases_each_of_them_once(cases):
    first = list(cases(3))
    assert first == list(cases(3))
    assert len(set(first)) == len(first)


@pytest.mark.parametrize("shape", [*SMALL, *EMPTY, (12, 9)])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_array_is_float64_of_its_shape_and_multiplied_by_its_scale(pattern, shape):
    array = case(pattern, shape, seed=1)
    assert (array.shape, array.dtype) == (shape, np.float64)
    assert np.array_equal(case(pattern, shape, 1e-3, seed=1), 1e-3 * array)


@pytest.mark.parametrize("name", ["zeros", "eye"])
def test_cases_are_float64_where_numpy_makes_float32(name, monkeypatch):
    made = getattr(np, name)
    monkeypatch.setattr(np, name, lambda *args, dtype=np.float32: made(*args, dtype=dtype))
    assert {case(pattern, (2, 3)).dtype for pattern in PATTERNS} == {np.dtype(np.float64)}


@pytest.mark.parametrize("seed", range(5))
def test_patterns_are_what_their_names_say(seed):
    drawn = {pattern: case(pattern, (12, 9), seed=seed) for pattern in PATTERNS}
    assert np.ptp(drawn["equal"]) == 0 != drawn["equal"][0, 0]
    assert set(np.unique(np.abs(drawn["ties"]))) == {0.5, 1.0}
    assert 0 < np.count_nonzero(drawn["some zeros"]) < 12 * 9
    zeros = drawn["negative zeros"][drawn["negative zeros"] == 0]
    assert zeros.size
    assert np.signbit(zeros).all()
    assert not drawn["zero rows"][::2].any()
    assert drawn["zero rows"][1::2].any(axis=1).all()
    assert not drawn["zero columns"][:, ::2].any()
    assert drawn["zero columns"][:, 1::2].any(axis=0).all()
    assert np.array_equal(drawn["identity"].T @ drawn["identity"], np.eye(9))
    assert not drawn["zeros"].any()


def test_gradients_are_tried_from_tiny_to_huge_and_on_zeros():
    sizes = [np.abs(without_zeros(one.array())) for one in gradient_cases(0) if one.shape == (2, 3)]
    assert min(size.min() for size in sizes if size.size) < 1e-8
    assert max(size.max() for size in sizes if size.size) > 1e7
    assert any(not size.size for size in sizes)


@pytest.mark.parametrize("cases", [gradient_cases, value_cases, ordinary_cases])
def test_one_array_is_larger_than_a_chunk(cases):
    large = [one for one in cases(0) if one.shape == LARGE]
    assert len(large) == 1
    assert large[0].array().size > CHUNK


def test_small_cases_come_before_larger_ones():
    sizes = [np.prod(one.shape) for one in gradient_cases(0)]
    assert max(sizes[: len(sizes) // 2]) <= max(np.prod(shape) for shape in SMALL)
    assert sizes[-1] == max(sizes)
