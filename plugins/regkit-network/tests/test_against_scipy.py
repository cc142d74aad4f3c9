"""Gradients against differences of values, proximal points against SciPy's minimizers."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_network import NeuronGroups, PathNorm
from scipy.optimize import approx_fprime, minimize

WIDTHS = [(2, 4, 3), (3, 2, 4, 2), (1, 3, 2, 3, 1)]


def network(widths, *, biases=True, seed=0):
    """Parameters by `dense1.weights`."""
    rng = np.random.default_rng(seed)
    params = {}
    for index, (n_in, n_out) in enumerate(itertools.pairwise(widths), 1):
        params[f"dense{index}.weights"] = rng.standard_normal((n_in, n_out))
        if biases:
            params[f"dense{index}.biases"] = rng.standard_normal((1, n_out))
    return params


def nested(params):
    """{layer: {parameter: array}}, as penalties are given it."""
    found = {}
    for name, array in params.items():
        layer, _, parameter = name.partition(".")
        found.setdefault(layer, {})[parameter] = array
    return found


def by_name(params):
    return {f"{layer}.{name}": a for layer, arrays in params.items() for name, a in arrays.items()}


def flat(params):
    return np.concatenate([array.ravel() for array in params.values()])


def shaped(entries, like):
    """The inverse of `flat`, nested."""
    ends = np.cumsum([array.size for array in like.values()])
    parts = np.split(np.asarray(entries), ends[:-1])
    return nested({n: part.reshape(like[n].shape) for n, part in zip(like, parts, strict=True)})


def answered(penalty, params):
    """The gradient by all entries, 0 where the penalty answers for none."""
    gradient = by_name(penalty.grad(nested(params)))
    assert set(gradient) <= set(params)
    return flat({name: gradient.get(name, 0 * array) for name, array in params.items()})


@pytest.mark.parametrize("widths", WIDTHS, ids=str)
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("penalty", [PathNorm(p=1), PathNorm(), NeuronGroups()], ids=str)
def test_gradient_is_the_slope_of_the_value(penalty, biases, widths):
    params = network(widths, biases=biases)
    slopes = approx_fprime(flat(params), lambda x: penalty.value(shaped(x, params)), 1e-8)
    gradient = answered(penalty, params)
    assert np.count_nonzero(gradient) >= sum(a * b for a, b in itertools.pairwise(widths))
    assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-5)


def objective(penalty, params, steps):
    """R(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ), and its gradient where it has one."""
    w, steps = flat(params), steps * np.ones(flat(params).size)

    def at(x):
        value = penalty.value(shaped(x, params)) + np.sum((x - w) ** 2 / (2 * steps))
        given = {n: np.asarray(a) for n, a in by_name(shaped(x, params)).items()}
        return value, answered(penalty, given) + (x - w) / steps

    return at


def require_minimum(penalty, params, steps, point):
    """No point that SciPy finds from many starts is lower; those it ends at are no other."""
    at = objective(penalty, params, steps)
    w, claimed = flat(params), at(point)[0]
    rng = np.random.default_rng(1)
    starts = [w, 0.5 * w, point + 1e-3, *(w + rng.standard_normal((4, w.size)))]
    for start in starts:
        found = minimize(at, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
        assert claimed <= found.fun + 1e-12 * abs(found.fun)
    for size in (1e-2, 1e-5):
        for moved in point + size * rng.standard_normal((40, w.size)):
            assert claimed <= at(moved)[0]


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("step", [0.02, 0.3, 0.8, 5.0])
def test_proximal_points_under_one_step_are_minimizers(step, biases):
    params = network((2, 4, 3), biases=biases)
    params["dense1.weights"][:, 1] *= 0.1
    params["dense2.weights"][1] *= 0.1
    point = by_name(NeuronGroups().prox(nested(params), step))
    require_minimum(NeuronGroups(), params, step, flat({**params, **point}))


@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_proximal_points_under_a_step_for_each_entry_are_minimizers(spread, seed):
    params = network((2, 3, 2), seed=seed)
    rng = np.random.default_rng(seed)
    steps = {n: 0.3 * 10 ** rng.uniform(-spread, spread, a.shape) for n, a in params.items()}
    point = by_name(NeuronGroups().prox(nested(params), nested(steps)))
    require_minimum(NeuronGroups(), params, flat(steps), flat({**params, **point}))
