"""Gradients that are added by the next pass, and those that are added at once: the same digits."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import regkit as rk
from regkit.kernels.linear_gradient import LinearGradient
from regkit.kernels.numba.kernels import NumbaKernels
from regkit.kernels.numba.put_off import PutOff

L1, L2 = LinearGradient(0.3, 0.3, 0.0), LinearGradient(0.0, 0.0, 0.2)
PARTS = {"first": slice(3, 40), "second": slice(40, 47), "last": slice(60, 64)}
NUMBERS = {"beta_1": 0.9, "beta_2": 0.99, "lr": 0.1, "epsilon": 1e-7}


class Flat:
    """Flat parameters and gradients, and views of parts of them."""

    def __init__(self, dtype=np.float32, size=64):
        rng = np.random.default_rng(0)
        self.params, self.grads, self.momentum = (
            rng.standard_normal(size).astype(dtype) for _ in range(3)
        )
        self.cache = rng.random(size).astype(dtype)
        self.params[5:8] = 0.0, -0.0, 1e-30
        self.kernels = NumbaKernels()
        self.views = {name: (self.params[part], self.grads[part]) for name, part in PARTS.items()}

    def add(self, name, gradient):
        self.kernels.add_linear_gradient(*self.views[name], gradient)

    def adam(self, span=slice(None)):
        arrays = self.params, self.grads, self.momentum, self.cache
        self.kernels.adam(*(array[span] for array in arrays), **NUMBERS)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gradient", [L1, L2, L1 + L2, LinearGradient(0.3, -0.1, 0.2)])
def test_a_step_of_adam_has_the_same_digits_either_way(dtype, gradient):
    late, at_once = Flat(dtype), Flat(dtype)
    for _ in range(3):
        for flat in (late, at_once):
            flat.grads[...] = Flat(dtype).grads
            flat.add("first", gradient)
            flat.add("last", L2)
        assert late.kernels.are_finite(late.params, late.grads)
        at_once.kernels.settle()
        for flat in (late, at_once):
            flat.adam()
    assert_array_equal(late.params, at_once.params)
    assert_array_equal(late.momentum, at_once.momentum)
    assert_array_equal(late.cache, at_once.cache)


def test_several_penalties_of_one_parameter_are_one_addition():
    several, one = Flat(), Flat()
    several.add("second", L1)
    several.add("second", L2)
    one.add("second", L1 + L2)
    for flat in (several, one):
        flat.kernels.settle()
    assert_array_equal(several.grads, one.grads)
    w = one.params[PARTS["second"]]
    expected = Flat().grads[PARTS["second"]] + 0.3 * np.sign(w) + 0.2 * w
    np.testing.assert_allclose(one.grads[PARTS["second"]], expected, rtol=0, atol=1e-6)


def test_what_lies_outside_of_a_span_goes_on_waiting():
    flat, plain = Flat(), Flat()
    for one in (flat, plain):
        one.add("first", L2)
        one.add("last", L2)
    plain.kernels.settle()
    for one in (flat, plain):
        one.adam(slice(0, 47))
        one.adam(slice(47, 64))
    assert_array_equal(flat.params, plain.params)


def test_nothing_is_added_twice():
    flat, plain = Flat(), Flat()
    flat.add("first", L2)
    flat.adam()
    before = flat.grads.copy()
    flat.kernels.settle()
    assert_array_equal(flat.grads, before)
    assert_array_equal(flat.grads, plain.grads)


def test_what_lies_elsewhere_is_left_alone():
    waiting, flat = PutOff(), Flat()
    other = np.ones(4, np.float32)
    waiting.add(other, other.copy(), L2)
    waiting.add(flat.params[0:4], flat.grads[1:5], L2)  # Not where the parameters lie.
    assert waiting.within(flat.params, flat.grads) is None
    stops, slopes = waiting.take(flat.params, flat.grads)
    assert stops.tolist() == [64]
    assert not slopes.any()


def test_the_pieces_cover_the_whole():
    waiting, flat = PutOff(), Flat()
    for name, gradient in (("last", L1), ("first", L2), ("second", L1)):
        waiting.add(*flat.views[name], gradient)
    stops, slopes = waiting.within(flat.params, flat.grads)
    assert stops.tolist() == [3, 40, 47, 60, 64]
    expected = [(0, 0, 0), L2.numbers, L1.numbers, (0, 0, 0), L1.numbers]
    assert_array_equal(slopes, np.array(expected, np.float32))
    stops, slopes = PutOff().take(flat.params, flat.grads)
    assert stops.tolist() == [64]
    assert not slopes.any()


def test_strengths_that_change_are_followed():
    flat, plain = Flat(), Flat()
    for multiple in (0.1, 0.2, 0.4):
        for one in (flat, plain):
            one.add("first", LinearGradient(multiple=multiple))
        plain.kernels.settle()
        flat.adam()
        plain.adam()
    # What was added late is not in the gradients, which a pass writes anew.
    assert_array_equal(flat.params[40:], plain.params[40:])


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
def test_what_overflows_when_it_is_added_is_found(value):
    flat = Flat()
    flat.params[10] = value
    flat.add("first", LinearGradient(multiple=100.0))
    with np.errstate(over="ignore", invalid="ignore"):
        assert not flat.kernels.are_finite(flat.params, flat.grads)


def test_numbers_too_large_to_square_are_finite():
    flat = Flat()
    flat.grads[10] = 3e38
    flat.add("last", L2)
    with np.errstate(over="ignore"):
        assert flat.kernels.are_finite(flat.params, flat.grads)


class Halved(rk.Adam):
    """An optimizer of one's own: it reads the gradients."""

    def update(self, params, grads, moments):
        params -= 0.5 * grads


@pytest.mark.parametrize(
    "optimizer", [rk.SGD(0.1), rk.RMSProp(0.01), rk.AdaGrad(0.1), Halved(0.1), rk.Adam(0.01)]
)
@pytest.mark.parametrize("log_every", [1, 7])
def test_every_optimizer_gets_complete_gradients(optimizer, log_every):
    weights = []
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((40, 3)), rng.integers(0, 2, 40)
    assert optimizer.settles is (type(optimizer) is not rk.Adam)
    for kernels in ("numpy", "compiled"):
        model = rk.Model(
            [rk.Dense(3, 5), rk.Tanh(), rk.Dense(5, 2)],
            loss=rk.SoftmaxCrossEntropy(),
            dtype="float64",
            seed=1,
        )
        rk.train(
            model,
            X,
            y,
            optimizer=type(optimizer)(optimizer.lr),
            regularizers=[rk.L1(0.01), rk.L2(0.02), rk.L2(0.03, on="biases", mode="decoupled")],
            epochs=20,
            log_every=log_every,
            kernels=kernels,
        )
        weights.append(model.parameters.copy())
    np.testing.assert_allclose(*weights, rtol=0, atol=1e-12)
