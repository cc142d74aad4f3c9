"""The bracket rule: which slopes agree with differences of values, and when they can tell."""

import numpy as np
import pytest

from regkit import Regularizer
from regkit.testing.difference import brackets, judged
from regkit.testing.penalty_under_test import PenaltyUnderTest


class Along(Regularizer):
    """A penalty given by its function of one entry; its gradient is not asked for."""

    kind: str = "square"

    def value(self, w):
        return float(np.sum(FUNCTIONS[self.kind](w)))

    def grad(self, w):
        raise AssertionError("not asked for")


FUNCTIONS = {
    "square": np.square,
    "absolute": np.abs,
    "root": lambda w: np.sqrt(np.abs(w)),
    "log": lambda w: np.log1p(np.abs(w) / 1e-3),
    "cap": lambda w: np.minimum(np.abs(w), 1.0),
    "inflection": lambda w: np.tanh(w),
    "curved cap": lambda w: np.minimum(np.abs(w), 1.0) ** 2,
    "float32": lambda w: np.square(w).astype(np.float32).astype(float),
}


def judgement(kind, entry, slope, beside=1.0):
    penalty = PenaltyUnderTest(Along(1.0, kind=kind))
    params = penalty.of_entries(np.array([[entry, beside]]))
    found = brackets(penalty, params, "weights", (0, 0))
    return judged(slope, found, at_zero=entry == 0, largest=abs(slope), rounding=0.0)


@pytest.mark.parametrize("entry", [0.3, 1.0, 1e4, 1e8])
def test_a_smooth_slope_is_decided_to_a_hundred_thousandth(entry):
    assert judgement("square", entry, 2 * entry, beside=entry).decided
    assert judgement("square", entry, 2 * entry, beside=entry).agrees
    assert not judgement("square", entry, 2.00002 * entry, beside=entry).agrees


def test_below_rounding_noise_nothing_is_decided():
    assert not judgement("square", 1e-8, 2e-8, beside=0.0).decided


@pytest.mark.parametrize("slope", [-1.0, 0.0, 0.4, 1.0])
def test_between_the_slopes_of_a_convex_kink_everything_agrees_and_nothing_is_decided(slope):
    assert judgement("absolute", 0.0, slope).agrees
    assert not judgement("absolute", 0.0, slope).decided


@pytest.mark.parametrize("slope", [-1.01, 1.01, 5.0])
def test_outside_them_nothing_agrees(slope):
    assert not judgement("absolute", 0.0, slope).agrees


def test_a_concave_kink_away_from_zero_allows_what_lies_between():
    assert judgement("cap", 1.0, 0.0, beside=0.5).agrees
    assert judgement("cap", 1.0, 1.0, beside=0.5).agrees
    assert not judgement("cap", 1.0, 1.1, beside=0.5).agrees


@pytest.mark.parametrize("slope", [0.0, 1.0, -1e6])
def test_where_the_slope_is_infinite_any_finite_slope_agrees(slope):
    assert judgement("root", 0.0, slope).agrees


def test_a_steep_finite_kink_is_met_though_no_quotient_is_as_steep():
    assert judgement("log", 0.0, 1e3).agrees
    assert judgement("log", 0.0, -1e3).agrees
    assert not judgement("log", 0.0, 1.1e3).agrees


def test_float32_noise_in_the_values_does_not_excuse_itself():
    verdicts = [judgement("float32", entry, 2 * entry).agrees for entry in (0.3, 0.7, 1.3, 2.9)]
    assert not all(verdicts)


def test_at_an_inflection_both_quotients_are_off_to_one_side_and_the_slope_agrees():
    assert judgement("inflection", 0.0, 1.0, beside=1e4).agrees
    assert not judgement("inflection", 0.0, 0.99, beside=1e4).agrees


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_at_a_kink_with_curvature_what_lies_between_the_slopes_agrees(slope):
    assert judgement("curved cap", 1.0, slope, beside=0.5).agrees
    assert not judgement("curved cap", 1.0, slope + 3, beside=0.5).agrees
    assert not judgement("curved cap", 1.0, slope - 3, beside=0.5).agrees
