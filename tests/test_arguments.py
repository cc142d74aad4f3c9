"""Numbers that people hand to the library: converted where they are legal, refused by name."""

import math
from fractions import Fraction

import numpy as np
import pytest

from regkit.arguments import LARGEST_SEED, integer, number, seed
from regkit.errors import InputError


@pytest.mark.parametrize("value", [2, 5, np.int8(3), np.uint64(4)])
def test_any_integer_in_the_range_becomes_an_int(value):
    found = integer("epochs", value, least=2, most=5)
    assert type(found) is int
    assert found == value


@pytest.mark.parametrize("value", [1, 6, 3.0, np.float64(3), True, np.True_, "3", None, [3]])
def test_any_other_value_is_refused_with_the_range(value):
    with pytest.raises(InputError) as caught:
        integer("epochs", value, least=2, most=5)
    assert str(caught.value) == f"epochs must be an integer from 2 to 5, got {value!r}"


def test_an_integer_may_have_no_upper_bound():
    assert integer("epochs", 10**30, least=1) == 10**30
    with pytest.raises(InputError, match="epochs must be an integer at least 1, got 0"):
        integer("epochs", 0, least=1)


def test_a_seed_is_what_numpys_global_generator_takes():
    assert (seed(0), seed(LARGEST_SEED)) == (0, LARGEST_SEED)
    np.random.RandomState(LARGEST_SEED)
    with pytest.raises(ValueError, match="Seed must be between"):
        np.random.RandomState(LARGEST_SEED + 1)
    for value in (-1, LARGEST_SEED + 1):
        with pytest.raises(InputError, match=f"seed must be an integer from 0 to .*, got {value}"):
            seed(value)


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.25), np.int64(2), Fraction(1, 3)])
def test_any_finite_real_number_becomes_a_float(value):
    found = number("lr", value)
    assert type(found) is float
    assert found == pytest.approx(float(value), rel=0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, np.False_, "1", None, 1j])
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(InputError) as caught:
        number("lr", value)
    assert str(caught.value) == f"lr must be finite, got {value!r}"


@pytest.mark.parametrize(
    ("limits", "inside", "outside", "bounds"),
    [
        ({"least": 0}, [0, 1e300], [-1e-9], "finite and at least 0"),
        ({"above": 0}, [1e-300, 1e300], [0, -1], "finite and above 0"),
        ({"below": 1}, [-1e300, 0.999], [1, 1.5], "finite and below 1"),
        ({"least": 0, "below": 1}, [0, 0.5], [1, -0.5], "finite and at least 0 and below 1"),
        ({"above": 0, "below": 1}, [1e-9, 0.5], [0, 1], "finite and above 0 and below 1"),
    ],
)
def test_bounds_are_inclusive_or_exclusive_as_they_say(limits, inside, outside, bounds):
    for value in inside:
        assert number("rate", value, **limits) == value
    for value in outside:
        with pytest.raises(InputError) as caught:
            number("rate", value, **limits)
        assert str(caught.value) == f"rate must be {bounds}, got {value!r}"
