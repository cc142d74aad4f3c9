"""A penalty of groups sees what enters a neuron, whatever the kernel's axes are.

Covers: regkit/keras/layouts.py
"""

import keras
import numpy as np
import pytest
import torch

import regkit as rk
from regkit.keras import regularizer
from regkit.keras.layouts import layout_of

NUMBERS = np.random.default_rng(0)


def of_columns(*columns):
    """Group lasso by hand: √k times the norm of each column."""
    return sum(len(one.ravel()) ** 0.5 * np.linalg.norm(one) for one in columns)


def drawn(*shape):
    return torch.tensor(NUMBERS.standard_normal(shape), requires_grad=True)


CASES = {
    "dense": ((4, 3), -1, lambda w: [w[:, n] for n in range(3)]),
    "convolution": ((2, 2, 4, 3), -1, lambda w: [w[..., n] for n in range(3)]),
    "vector": ((5,), -1, lambda w: list(w)),
    "transposed convolution": ((2, 2, 3, 4), -2, lambda w: [w[:, :, n] for n in range(3)]),
    "depthwise": (
        (2, 2, 4, 3),
        (-2, -1),
        lambda w: [w[:, :, c, n] for c in range(4) for n in range(3)],
    ),
    "first axis": ((3, 4), 0, list),
}


@pytest.mark.parametrize(("shape", "neurons", "columns"), CASES.values(), ids=list(CASES))
def test_groups_are_what_enters_a_neuron(shape, neurons, columns):
    w = drawn(*shape)
    penalty = regularizer("group_lasso=0.5", neurons=neurons)(w)
    penalty.backward()
    array = w.detach().numpy()
    assert float(penalty.detach()) == pytest.approx(0.5 * of_columns(*columns(array)))
    for index in np.ndindex(*shape):
        sides = []
        for step in (1e-6, -1e-6):
            moved = array.copy()
            moved[index] += step
            sides.append(0.5 * of_columns(*columns(moved)))
        slope = (sides[0] - sides[1]) / 2e-6
        assert float(w.grad[index]) == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("neurons", [(-1,), (-2,), (0,), (-2, -1), (1, 3), (3, 0)])
def test_what_is_seen_is_put_back(neurons):
    w = torch.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    layout = layout_of(w, neurons)
    seen = layout.see(w)
    assert seen.shape[1] == np.prod([w.shape[axis] for axis in neurons])
    assert torch.equal(layout.put(seen, w), w)


def test_outputs_are_samples_times_all_the_rest():
    outputs = drawn(6, 2, 5)
    regularizer("decorrelation=0.3@*")(outputs).backward()
    rows = outputs.detach().numpy().reshape(6, 10)
    own = rk.regularizer("decorrelation=0.3@*")
    wanted = own.strength * own.grad(rows)
    assert np.allclose(outputs.grad.numpy().reshape(6, 10), wanted, rtol=1e-12)


def test_at_a_kink_the_gradient_is_the_penaltys_own():
    w = torch.zeros(3, 2, requires_grad=True)
    (regularizer("l1=0.5")(w) + regularizer("group_lasso=1")(w)).backward()
    assert torch.equal(w.grad, torch.full((3, 2), 0.5))


def test_one_regularizer_serves_layers_of_different_shapes():
    shared = regularizer("l2=0.5,scale=size")
    layers = [keras.layers.Dense(n, kernel_regularizer=shared) for n in (2, 3)]
    for layer in layers:
        layer.build((None, 4))
        kernel = layer.kernel.value.detach()
        [found] = layer.losses
        assert float(found.detach()) == pytest.approx(0.5 * float((kernel**2).mean()))


def test_a_nested_model_is_built_on_shapes_alone():
    class Inner(keras.Model):
        def __init__(self):
            super().__init__()
            activity = regularizer("activity_l2=1@*")
            self.dense = keras.layers.Dense(2, activity_regularizer=activity)

        def call(self, inputs):
            return self.dense(inputs)

    inputs = keras.Input((3,))
    model = keras.Model(inputs, Inner()(inputs))
    outputs = model(np.ones((4, 3), "float32"))
    [found] = model.losses
    assert float(found.detach()) == pytest.approx(float((outputs.detach() ** 2).sum() / 4))


def test_half_precision_stays_half_precision():
    w = torch.ones(2, 3, dtype=torch.bfloat16, requires_grad=True)
    penalty = regularizer("l2=0.5")(w)
    penalty.backward()
    assert penalty.dtype == w.grad.dtype == torch.bfloat16
    assert float(penalty.detach()) == 3


def test_a_batch_without_samples_has_no_penalty():
    layer = keras.layers.Dense(6, activity_regularizer=regularizer("activity_l1=1e-3@*"))
    layer(np.ones((0, 8), "float32"))
    assert [float(one.detach()) for one in layer.losses] == [0.0]
