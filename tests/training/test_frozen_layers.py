"""Frozen layers are neither penalized nor updated, and pass gradients on."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import autodiff
from penalty_kinds import Squares

import regkit as rk

OPTIMIZERS = {
    "SGD": lambda: rk.SGD(0.1, momentum=0.9),
    "AdaGrad": lambda: rk.AdaGrad(0.1),
    "RMSProp": lambda: rk.RMSProp(0.1),
    "Adam": lambda: rk.Adam(0.1),
}


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.standard_normal((12, 3)), rng.integers(0, 3, 12)


def model_with_frozen(*numbers):
    """Three layers, of which those with these numbers are frozen."""
    sizes = [(3, 5), (5, 4), (4, 3)]
    dense = [
        rk.Dense(*size, trainable=number not in numbers) for number, size in enumerate(sizes, 1)
    ]
    model = rk.Model(
        [dense[0], rk.Tanh(), dense[1], rk.Sigmoid(), dense[2]],
        rk.SoftmaxCrossEntropy(),
        dtype="float64",
    )
    model.parameters[...] = np.random.default_rng(1).standard_normal(model.parameters.size)
    return model


@pytest.mark.parametrize("frozen", [(1,), (2,), (3,), (1, 2), (1, 3), (2, 3)])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_frozen_layers_stay_and_the_others_move(data, optimizer, frozen):
    model = model_with_frozen(*frozen)
    before = [(layer.weights.copy(), layer.biases.copy()) for layer in model.parameter_layers]
    rk.train(model, *data, optimizer=optimizer(), regularizers=["l1=0.1@*"], epochs=3)
    for number, layer in enumerate(model.parameter_layers, 1):
        for now, then in zip((layer.weights, layer.biases), before[number - 1], strict=True):
            assert np.array_equal(now, then) if number in frozen else (now != then).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_a_layer_that_is_frozen_later_stays_whatever_the_optimizer_remembers(data, optimizer):
    model = model_with_frozen()
    one = optimizer()
    rk.train(model, *data, optimizer=one, regularizers=["l2=0.1@*"], epochs=3)
    layer = model.parameter_layers[1]
    layer.trainable = False
    before = layer.weights.copy(), layer.biases.copy()
    rk.train(model, *data, optimizer=one, regularizers=["l2=0.1@*"], epochs=3)
    assert np.array_equal(layer.weights, before[0])
    assert np.array_equal(layer.biases, before[1])


@pytest.mark.parametrize("frozen", [(), (1,), (2,), (3,), (1, 2), (2, 3)])
def test_the_others_gradients_are_as_if_nothing_were_frozen(data, frozen):
    model = model_with_frozen(*frozen)
    dense = model.parameter_layers
    params = [(layer.weights, layer.biases) for layer in dense]
    trainable = [number - 1 for number in (1, 2, 3) if number not in frozen]
    loss, expected = autodiff.loss_and_gradients(
        params,
        *data,
        ["dense", "tanh", "dense", "sigmoid", "dense"],
        autodiff.softmax_cross_entropy,
        lambda p: 0.1 * sum(autodiff.l2(p[index][0]) for index in trainable),
    )
    run = rk.training.steps(model, *data, optimizer=rk.SGD(1.0), regularizers=["l2=0.1"], epochs=1)
    record = next(run)
    assert record.loss == pytest.approx(loss, rel=1e-12)
    assert list(record.layers["l2"]) == [dense[index].name for index in trainable]
    assert not any(dense[number - 1].dweights.any() for number in frozen)
    for index in trainable:
        assert_allclose(dense[index].dweights, expected[index][0], rtol=1e-10, atol=1e-14)
        assert_allclose(dense[index].dbiases, expected[index][1], rtol=1e-10, atol=1e-14)


def test_everything_may_be_frozen(data):
    model = model_with_frozen(1, 2, 3)
    before = model.parameters.copy()
    history = rk.train(model, *data, optimizer=rk.Adam(0.1), epochs=3)
    assert np.array_equal(model.parameters, before)
    assert history[0].data_loss == history[-1].data_loss
    assert history[0].penalties == {}


@pytest.mark.parametrize(
    ("frozen", "on", "refused"),
    [
        ((1,), ["dense1", "tanh1"], True),
        ((1,), ["tanh1", "dense2"], False),
        ((2, 3), "dense3", False),  # It passes on what dense1 learns.
        ((1, 2, 3), "*", True),
    ],
)
def test_a_penalty_of_outputs_that_nothing_trainable_changes_is_refused(data, frozen, on, refused):
    model, regularizers = model_with_frozen(*frozen), [Squares(0.1, on=on)]
    if not refused:
        rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=regularizers, epochs=1)
        return
    with pytest.raises(rk.errors.SelectorError) as caught:
        rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=regularizers, epochs=1)
    above = "none" if len(frozen) == 3 else "dense2, sigmoid1, dense3"
    assert str(caught.value) == (
        f"{'squares@' + ('*' if on == '*' else '+'.join(on))} selects the outputs of layers that "
        f"no trainable parameter changes (those that one does: {above})"
    )


def test_a_strength_on_a_frozen_layer_is_refused(data):
    model = rk.Model([rk.Dense(3, 3, weight_l2=0.1, trainable=False)], rk.SoftmaxCrossEntropy())
    with pytest.raises(rk.errors.SelectorError, match="frozen parameters only"):
        rk.train(model, *data, optimizer=rk.SGD(0.1), epochs=1)
