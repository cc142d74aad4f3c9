"""Warnings name the line of whoever called regkit."""

import threading
import warnings

import numpy as np
import pytest

import regkit as rk
from regkit.errors import RegkitWarning
from regkit.warn import collected_warnings, warn


class Keeps(rk.Layer):
    """A layer that looks as if its array were a parameter."""

    kind = "keeps"

    def __init__(self):
        self.array = np.ones(3)

    def forward(self, inputs, workspace):
        return inputs

    def backward(self, doutputs, workspace, *, need_dinputs):
        return doutputs


def train():
    X, y = rk.datasets.spiral(5, 2)
    # Inputs that are all negative after this layer leave its biases without a gradient.
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 2)], rk.SoftmaxCrossEntropy())
    model["dense1"].weights[...] = 0
    model["dense1"].biases[...] = -1
    return model, X, y


def warned(call):
    """The warning of a call."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    (one,) = [one for one in caught if one.category is RegkitWarning]
    return one


@pytest.mark.parametrize(
    "call",
    [
        lambda: rk.Model([rk.Dense(2, 2), Keeps()], rk.SoftmaxCrossEntropy()),
        lambda: rk.train(
            *train(), optimizer=rk.Adam(0.1), regularizers=["l1=0.1@dense1.biases"], epochs=1
        ),
        lambda: list(
            rk.training.steps(
                *train(), optimizer=rk.Adam(0.1), regularizers=["l1=0.1@dense1.biases"], epochs=1
            )
        ),
    ],
)
def test_a_warning_points_at_the_callers_line(call):
    one = warned(call)
    assert one.filename == __file__
    first = call.__code__.co_firstlineno
    assert first <= one.lineno <= first + 4


def test_it_points_out_of_regkit_through_a_context_manager(tmp_path):
    arguments = {"optimizer": rk.Adam(0.1), "regularizers": ["l1=0.1@dense1.biases"], "epochs": 1}
    call = lambda: rk.train(*train(), **arguments, out=tmp_path / "run")  # noqa: E731
    one = warned(call)
    assert (one.filename, one.lineno) == (__file__, call.__code__.co_firstlineno)


def test_collected_warnings_are_those_of_this_thread_alone():
    def other():
        with pytest.warns(RegkitWarning, match="elsewhere"):
            warn("elsewhere")

    with collected_warnings() as found:
        warn("here")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        warn("here again")
    assert found == ["here", "here again"]
    with pytest.warns(RegkitWarning, match="afterwards"):
        warn("afterwards")
