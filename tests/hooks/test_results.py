"""What a hook may return."""

from __future__ import annotations

import math
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pytest

from regkit.hooks.results import fault_of_arrays, fault_of_penalty

PARAMS = {"weights": np.zeros((2, 3), np.float32), "biases": np.zeros((1, 3), np.float32)}


@pytest.mark.parametrize("value", [0, -1.5, np.float32(2), np.float64(2), Fraction(1, 3), 10**30])
def test_any_real_number_is_a_penalty(value):
    assert fault_of_penalty(value, finite=True) is None


@pytest.mark.parametrize("value", ["1", [1.0], np.array(1.0), 1j, True, {}, b"1"])
def test_anything_else_is_none(value):
    fault = fault_of_penalty(value)
    assert fault is not None
    assert type(value).__name__ in fault


@pytest.mark.parametrize("value", [math.nan, math.inf, -np.float32(np.inf)])
def test_finiteness_is_looked_at_only_if_asked_for(value):
    assert fault_of_penalty(value) is None
    assert fault_of_penalty(value, finite=True) == f"returned {float(value)!r}"


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"biases": np.ones((1, 3), np.float32)},
        MappingProxyType({"weights": np.ones((3, 2), np.float32).T}),
    ],
)
def test_a_mapping_to_arrays_of_the_parameters_form_is_a_gradient(result):
    assert fault_of_arrays(result, PARAMS, finite=True) is None


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        ([], "returned list [] instead of a mapping from parameter name to array"),
        ({"weight": 0}, "an array for 'weight', but the parameters are weights, biases"),
        ({"weights": 0.0}, "returned float 0.0 for weights instead of an array"),
        ({"weights": np.float32(0)}, "for weights instead of an array"),
        ({"weights": np.zeros((3, 2), np.float32)}, "shape (3, 2) for weights of shape (2, 3)"),
        ({"biases": np.zeros(3, np.float32)}, "shape (3,) for biases of shape (1, 3)"),
        ({"biases": np.zeros((1, 3))}, "returned float64 for biases, which is float32"),
        ({"biases": np.zeros((1, 3), ">f4")}, "returned >f4 for biases, which is float32"),
        ({"biases": np.zeros((1, 3), object)}, "returned object for biases, which is float32"),
    ],
)
def test_anything_else_is_refused_with_what_it_was(result, fault):
    assert fault in fault_of_arrays(result, PARAMS)


def test_one_value_that_is_not_finite_is_found():
    result = {"weights": np.zeros((2, 3), np.float32), "biases": np.ones((1, 3), np.float32)}
    result["biases"][0, 2] = np.nan
    assert fault_of_arrays(result, PARAMS) is None
    assert (
        fault_of_arrays(result, PARAMS, finite=True)
        == "returned values that are not finite for biases"
    )


def test_a_long_value_is_shown_short_and_in_one_line():
    assert len(fault_of_penalty("x" * 1000)) < 90
    assert fault_of_penalty(np.eye(2)) == (
        "returned ndarray array([[1., 0.], [0., 1.]]) instead of a float"
    )
