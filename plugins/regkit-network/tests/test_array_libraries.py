"""The penalties on arrays of other libraries than NumPy, and on NumPy's after `nnfs.init()`."""

import itertools
import subprocess
import sys

import array_api_strict as xp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from regkit_network import NeuronGroups, PathNorm

penalties = pytest.mark.parametrize("penalty", [NeuronGroups(), PathNorm(), PathNorm(p=1)], ids=str)
dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}


def mapped(function, params):
    return {
        layer: {name: function(array) for name, array in arrays.items()}
        for layer, arrays in params.items()
    }


def network(dtype, *widths):
    rng = np.random.default_rng(0)
    params = {
        f"dense{index}": {
            "weights": rng.standard_normal((n_in, n_out)),
            "biases": rng.standard_normal((1, n_out)),
        }
        for index, (n_in, n_out) in enumerate(itertools.pairwise(widths), 1)
    }
    params["dense1"]["weights"][:, 0] = params["dense1"]["biases"][:, 0] = 0
    params["dense2"]["weights"][0] = 0
    return mapped(lambda array: array.astype(dtype), params)


def require_same(found, wanted, dtype):
    assert {n: set(arrays) for n, arrays in found.items()} == {n: set(a) for n, a in wanted.items()}
    for layer, arrays in wanted.items():
        for name, array in arrays.items():
            assert found[layer][name].dtype == getattr(xp, dtype)
            assert_allclose(
                np.asarray(found[layer][name]), array, rtol=TOLERANCE[dtype], atol=1e-12
            )


@penalties
@dtypes
def test_values_and_gradients_are_those_of_numpy(penalty, dtype):
    params = network(dtype, 2, 4, 3, 2)
    other = mapped(xp.asarray, params)
    value = penalty.value(other)
    assert (value.shape, value.dtype) == ((), xp.float64)
    assert float(value) == pytest.approx(float(penalty.value(params)), rel=1e-13)
    require_same(penalty.grad(other), penalty.grad(params), dtype)


@dtypes
@pytest.mark.parametrize("by_entry", [False, True])
def test_proximal_points_are_those_of_numpy(by_entry, dtype):
    params = network(dtype, 2, 4, 3)
    rng = np.random.default_rng(1)
    steps = mapped(lambda w: (10 ** rng.uniform(-8, 6, w.shape)).astype(dtype), params)
    point = NeuronGroups().prox(
        mapped(xp.asarray, params), mapped(xp.asarray, steps) if by_entry else 0.3
    )
    require_same(point, NeuronGroups().prox(params, steps if by_entry else 0.3), dtype)


AFTER_NNFS = """
import nnfs, numpy as np
from regkit_network import NeuronGroups, PathNorm
rng = np.random.default_rng(0)
params = {"a": {"weights": rng.standard_normal((2, 4)), "biases": rng.standard_normal((1, 4))},
          "b": {"weights": rng.standard_normal((4, 3))}}
steps = {k: {n: abs(w) for n, w in arrays.items()} for k, arrays in params.items()}
def results():
    for one in (NeuronGroups(), PathNorm(), PathNorm(p=1)):
        yield np.asarray(one.value(params))
        yield from (array for arrays in one.grad(params).values() for array in arrays.values())
    for step in (0.3, steps):
        point = NeuronGroups().prox(params, step)
        yield from (array for arrays in point.values() for array in arrays.values())
before = list(results())
nnfs.init()
for one, other in zip(before, results(), strict=True):
    assert other.dtype == np.float64 and (one == other).all()
"""


def test_nothing_changes_after_nnfs_init():
    subprocess.run([sys.executable, "-c", AFTER_NNFS], check=True)
