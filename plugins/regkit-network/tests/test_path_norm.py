"""The path norm, path by path, and what it does not depend on."""

from itertools import pairwise, product
from math import prod

import numpy as np
import pytest
from regkit_network import PathNorm

from regkit.errors import FieldError

both = pytest.mark.parametrize("p", [1, 2])


def matrices(*widths, seed=0):
    rng = np.random.default_rng(seed)
    pairs = pairwise(widths)
    return [rng.standard_normal(shape) for shape in pairs]


def given(weights):
    return {f"dense{index}": {"weights": w} for index, w in enumerate(weights, 1)}


@both
@pytest.mark.parametrize("widths", [(3, 2), (2, 4, 3), (2, 3, 1, 4), (0, 3, 2), (2, 0, 2)], ids=str)
def test_is_the_sum_over_all_paths(p, widths):
    """Neyshabur, Tomioka & Srebro (2015), section 4, with every path written out."""
    weights = matrices(*widths)
    by_hand = sum(
        prod(abs(w[i, j]) ** p for w, i, j in zip(weights, path, path[1:], strict=False))
        for path in product(*map(range, widths))
    )
    assert PathNorm(p=p).value(given(weights)) == pytest.approx(by_hand, rel=1e-13)


@both
def test_rescaling_a_neuron_leaves_it_as_it_is(p):
    weights = matrices(2, 4, 3)
    before = PathNorm(p=p).value(given(weights))
    weights[0][:, 2] *= 1000
    weights[1][2] /= 1000
    assert PathNorm(p=p).value(given(weights)) == pytest.approx(before, rel=1e-13)


def test_biases_are_ignored():
    params = given(matrices(2, 4, 3))
    value = PathNorm().value(params)
    params["dense1"]["biases"] = np.full((1, 4), 9.0)
    assert PathNorm().value(params) == value
    assert {layer: list(arrays) for layer, arrays in PathNorm().grad(params).items()} == {
        "dense1": ["weights"],
        "dense2": ["weights"],
    }


def test_a_path_through_a_zero_costs_nothing_and_pulls_at_the_zero():
    """At p = 1 by the subgradient 0, at p = 2 by the derivative 0, at other weights by theirs."""
    weights = [np.array([[0.0, 2.0]]), np.array([[3.0], [-5.0]])]
    assert PathNorm(p=1).value(given(weights)) == 10
    gradient = PathNorm(p=1).grad(given(weights))
    np.testing.assert_array_equal(gradient["dense1"]["weights"], [[0, 5]])
    np.testing.assert_array_equal(gradient["dense2"]["weights"], [[0], [-2]])


def test_float32_is_multiplied_and_added_up_in_float64():
    weights = [w.astype(np.float32) for w in matrices(30, 40, 50)]
    wide = [w.astype(float) for w in weights]
    assert PathNorm().value(given(weights)) == pytest.approx(
        PathNorm().value(given(wide)), rel=1e-14
    )
    gradient = PathNorm().grad(given(weights))
    assert gradient["dense1"]["weights"].dtype == np.float32


@pytest.mark.parametrize("p", [0, 3, 1.5, True])
def test_p_is_one_or_two(p):
    with pytest.raises(FieldError, match=r"p must be one of 1 \| 2"):
        PathNorm(p=p)
