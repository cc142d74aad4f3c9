"""The search along a line, held against SciPy's."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from regkit.testing.line_search import minimum_between

FUNCTIONS = {
    "parabola": lambda x: (x - 0.3) ** 2,
    "kink": lambda x: abs(x - 0.3) + 0.5 * x**2,
    "flat": lambda x: max(abs(x) - 0.5, 0.0) ** 2,
    "cosh": lambda x: math.cosh(3 * (x + 0.2)),
    "concave kink": lambda x: math.sqrt(abs(x - 0.3)) + (x - 0.1) ** 2,
    "constant": lambda x: 1.0,
    "falling": lambda x: -x,
    "two minima": lambda x: min((x + 1) ** 2, (x - 1.5) ** 2 + 0.1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("bounds", [(-1.0, 1.0), (-3.0, 0.31), (0.0, 1e-6), (-2.0, 50.0)])
def test_it_finds_what_scipy_finds_in_as_many_calls(name, bounds):
    calls = []

    def counted(x):
        calls.append(x)
        return FUNCTIONS[name](x)

    tolerance = 1e-6 * (bounds[1] - bounds[0])
    options = {"xatol": tolerance}
    theirs = minimize_scalar(FUNCTIONS[name], bounds=bounds, method="bounded", options=options)
    at, value = minimum_between(counted, *bounds, tolerance)
    assert bounds[0] < at < bounds[1]
    assert value == FUNCTIONS[name](at) == min(map(FUNCTIONS[name], calls))
    assert abs(at - theirs.x) <= 2 * tolerance
    assert abs(len(calls) - theirs.nfev) <= 2


def test_an_infinite_value_is_avoided():
    at, value = minimum_between(lambda x: (x - 0.2) ** 2 if x < 0.5 else np.inf, 0.0, 1.0, 1e-6)
    assert value == pytest.approx(0.0, abs=1e-9)
    assert at == pytest.approx(0.2, abs=1e-4)
