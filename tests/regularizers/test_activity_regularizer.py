"""A penalty of a layer's outputs: per sample, for layers of any kind by name."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from penalty_kinds import Squares
from scipy.optimize import approx_fprime

import regkit as rk
from regkit.hooks import LayerView


@pytest.fixture
def outputs():
    drawn = np.random.default_rng(0).standard_normal((7, 3))
    drawn.flags.writeable = False
    return drawn


def layer(name="relu1", epoch=None):
    return LayerView(name, {}, epoch=epoch)


def test_the_hooks_divide_by_the_samples_of_the_batch(outputs):
    one = Squares(0.5, on="relu1")
    assert one.penalty_outputs(layer(), outputs) == pytest.approx(0.5 * np.sum(outputs**2) / 7)
    assert_allclose(one.penalty_outputs_grad(layer(), outputs), 0.5 * 2 * outputs / 7)
    twice = np.concatenate([outputs, outputs])
    assert one.penalty_outputs(layer(), twice) == pytest.approx(
        one.penalty_outputs(layer(), outputs)
    )


def test_the_gradient_is_the_derivative_of_the_penalty(outputs):
    one = Squares(0.3, on="relu1")
    numeric = approx_fprime(
        outputs.ravel(), lambda x: one.penalty_outputs(layer(), x.reshape(7, 3)), 1e-7
    )
    assert_allclose(
        one.penalty_outputs_grad(layer(), outputs).ravel(), numeric, rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradient_keeps_the_dtype_of_the_outputs(outputs, dtype):
    found = Squares(0.3, on="relu1").penalty_outputs_grad(layer(), outputs.astype(dtype))
    assert (found.dtype, found.shape) == (dtype, (7, 3))


SELECTED = [
    ("relu1", "relu1", True),
    ("relu1", "relu2", False),
    ("relu*", "relu2", True),
    (["dropout1", "dense?"], "dense3", True),
    ("*", "anything", True),
    ("Relu1", "relu1", False),
    ("weights", "dense1", False),
]


@pytest.mark.parametrize(("on", "name", "selected"), SELECTED)
def test_selectors_go_by_the_layers_name(outputs, on, name, selected):
    one = Squares(on=on)
    assert one.selects(layer(name)) is selected
    answers = (
        one.penalty_outputs(layer(name), outputs),
        one.penalty_outputs_grad(layer(name), outputs),
    )
    assert [answer is not None for answer in answers] == [selected, selected]


@pytest.mark.parametrize("epoch", [None, 0, 3, 10])
def test_strength_is_multiplied_by_the_schedules_factor(outputs, epoch):
    one = Squares(0.5, on="relu1", schedule="ramp:0:10")
    strength = 0.5 * (1 if epoch is None else epoch / 10)
    assert one.strength_for(layer(epoch=epoch)) == strength
    expected = strength * np.sum(outputs**2) / 7
    assert one.penalty_outputs(layer(epoch=epoch), outputs) == pytest.approx(expected)
    assert_allclose(
        one.penalty_outputs_grad(layer(epoch=epoch), outputs), 2 * strength * outputs / 7
    )


def test_a_layer_of_name_alone_will_do_and_a_batch_without_samples_is_0():
    bare = SimpleNamespace(name="relu1")
    empty = np.empty((0, 3))
    assert Squares(on="relu1").penalty_outputs(bare, empty) == 0.0
    assert Squares(on="relu1").penalty_outputs_grad(bare, empty).shape == (0, 3)


def test_its_spec_comes_back():
    one = Squares(0.5, on=["relu1", "dense2"], schedule="from:3")
    assert str(one) == "squares=0.5,schedule=from:3@relu1+dense2"
    again = rk.regularizer(str(one), classes=[Squares])
    assert (again.strength, again.on, again.schedule) == (0.5, ("relu1", "dense2"), "from:3")
