"""What Keras cannot serve is refused in one line.

Covers: regkit/keras/regularizer.py, regkit/keras/requirements.py, regkit/keras/backends.py
Covers: regkit/keras/__init__.py
"""

import os
import subprocess
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import torch

import regkit as rk
from regkit.errors import InputError, RegkitWarning, RegularizerError, UnknownRegularizerError
from regkit.keras import regularizer


class Cubic(rk.Regularizer):
    """Of NumPy's arrays alone."""

    def value(self, w):
        return float(np.sum(np.abs(w) ** 3))

    def grad(self, w):
        return 3 * w * np.abs(w)


class Broken(rk.Regularizer):
    array_api = True

    def value(self, w):
        raise ValueError("no value")

    def grad(self, w):
        return w


class Tall(rk.L2):
    """Of matrices with more inputs than neurons."""

    shapes = "tall"


RAW = SimpleNamespace(penalty=lambda layer: 0.0, penalty_grad=lambda layer: {})


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("l2=1@dense1", "as kernel_regularizer: leave out the selector @dense1"),
        ("l2=1@*", "leave out the selector @*"),
        ("activity_l1=1@relu1", "as activity_regularizer: write @* as its selector"),
        ("l1=1,mode=prox", "mode 'prox' acts beside the gradient"),
        ("l2=1,mode=decoupled", "mode 'decoupled' acts beside the gradient"),
        ("max_norm,radius=1", "it is a constraint, and a Keras regularizer can only add"),
        ("l2=1,schedule=ramp:0:9", "it has a schedule, and Keras tells a regularizer no epoch"),
        ("path_norm=1", "it is a penalty of several layers"),
        (RAW, "is a raw plugin, which chooses layers by name"),
        (3, "takes a spec such as"),
        (rk.L2, "must be instances, such as L2"),
        ("l2=1@a@b", "may not contain '@'"),
    ],
)
def test_at_creation(given, reason):
    with pytest.raises(InputError) as found:
        regularizer(given)
    assert reason in str(found.value)
    assert "\n" not in str(found.value)


def test_a_name_that_nothing_has():
    with pytest.raises(UnknownRegularizerError, match="did you mean 'group_lasso'"):
        regularizer("group_laso=1")


@pytest.mark.parametrize("neurons", [(), (-1, -1), "-1", (0.5,), True])
def test_axes_that_are_none(neurons):
    with pytest.raises(InputError, match="neurons must be one axis of arrays, or several, got"):
        regularizer("l2=1", neurons=neurons)


def test_outputs_have_no_other_axes():
    with pytest.raises(InputError, match=r"penalty of outputs, \(samples, n\): leave out neurons"):
        regularizer("activity_l2=1@*", neurons=-2)


@pytest.mark.parametrize(
    ("spec", "shape", "reason", "more"),
    [
        ("l2=1,scale=fan_in", (3,), "counts the rows of a kernel", {}),
        ("l2=1,scale=sqrt_fan_in", (3,), "a vector has none: use scale='size'", {}),
        ("l2=1", (2, 3), "are no axes of an array of shape", {"neurons": 2}),
        (Tall(0.5), (2, 3), "is defined for tall matrices", {}),
    ],
)
def test_an_array_that_does_not_fit(spec, shape, reason, more):
    with pytest.raises(InputError, match=reason):
        regularizer(spec, **more)(torch.ones(shape))


def test_a_penalty_of_outputs_on_a_kernel():
    layer = keras.layers.Dense(2, kernel_regularizer=regularizer("activity_l1=1@*"))
    layer.build((None, 3))
    with pytest.raises(InputError, match="is a variable: give it as activity_regularizer"):
        _ = layer.losses


def test_a_fault_of_the_penalty_names_it():
    with pytest.raises(RegularizerError, match=r"broken.*raised ValueError: no value"):
        regularizer(Broken())(torch.ones(2, 3))


def test_that_a_penalty_is_bridged_is_told():
    with pytest.warns(RegkitWarning, match=r"^cubic=0.5 computes with NumPy's arrays"):
        regularizer(Cubic(0.5))


def test_a_second_derivative_is_none():
    x = torch.ones(2, 3, requires_grad=True)
    penalty = regularizer("l2=1")(x)
    with pytest.raises(InputError, match="can be differentiated once"):
        torch.autograd.grad(penalty, x, create_graph=True)


def in_process(backend, source):
    """What a process of this backend says last; None for no backend."""
    environment = {one: value for one, value in os.environ.items() if one != "KERAS_BACKEND"}
    if backend is not None:
        environment["KERAS_BACKEND"] = backend
    return subprocess.run(
        [sys.executable, "-c", source], env=environment, capture_output=True, text=True
    )


@pytest.mark.slow
def test_another_backend_is_refused_at_creation():
    done = in_process("numpy", "from regkit.keras import regularizer; regularizer('l2=1')")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "regkit.errors.InputError: regkit's penalties do not run on Keras' backend 'numpy': set "
        "the environment variable KERAS_BACKEND to torch or jax before keras is imported"
    )


NO_TENSORFLOW = "import sys; sys.modules['tensorflow'] = None; import regkit.keras"


@pytest.mark.slow
def test_tensorflow_that_is_missing_is_no_missing_keras():
    done = in_process("tensorflow", NO_TENSORFLOW)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "regkit.errors.MissingPackageError: Keras asks for TensorFlow, on which regkit's penalties "
        "do not run: set the environment variable KERAS_BACKEND to torch or jax before keras is "
        "imported"
    )


@pytest.mark.slow
def test_without_keras_the_extra_is_named():
    done = in_process("torch", "import sys; sys.modules['keras'] = None; import regkit.keras")
    assert "regkit.keras needs keras" in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].endswith("pip install 'regkit-nn[keras]'")
