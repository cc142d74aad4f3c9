"""Mode `decoupled`: lr · gradient beside the optimizer's step."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk

LR, DECAY, STEPS = 0.05, 1e-2, 100


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.standard_normal((40, 4)), np.arange(40) % 3


def network(dtype="float64"):
    layers = [rk.Dense(4, 6, init="he"), rk.ReLU(), rk.Dense(6, 3, init="he")]
    return rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype=dtype)


def by_hand(model, X, y, optimizer, regularizers):
    """The model's gradients, step by step, from a loop of the test's own."""
    gradient = network()
    for _ in range(STEPS):
        gradient.parameters[...] = model.parameters
        next(rk.training.steps(gradient, X, y, optimizer=rk.SGD(1.0), epochs=1))
        lr = optimizer.current_lr
        before = {layer.name: {n: a.copy() for n, a in layer.params.items()} for layer in model}
        optimizer.step(model.parameters, gradient.gradients)
        for layer in model.parameter_layers:
            for name, strength, own in regularizers(layer.name):
                layer.params[name][...] -= lr * strength * own(before[layer.name][name])


@pytest.mark.parametrize(
    "make",
    [
        lambda: rk.SGD(LR, decay=DECAY, momentum=0.9),
        lambda: rk.AdaGrad(LR, decay=DECAY),
        lambda: rk.RMSProp(LR, decay=DECAY),
        lambda: rk.Adam(LR, decay=DECAY),
    ],
)
def test_it_is_subtracted_at_the_parameters_before_the_step(data, make):
    regularizers = ["l2=0.02,mode=decoupled@dense1", "l1=0.01,mode=decoupled@dense2.weights"]
    model, reference = network(), network()
    rk.train(model, *data, optimizer=make(), regularizers=regularizers, epochs=STEPS)

    def own(layer):
        if layer == "dense1":
            return [(name, 0.02, lambda w: 2 * w) for name in ("weights", "biases")]
        return [("weights", 0.01, lambda w: np.where(w >= 0, 1.0, -1.0))]

    by_hand(reference, *data, make(), own)
    assert_allclose(model.parameters, reference.parameters, rtol=0, atol=1e-12)


def test_the_gradient_of_the_loss_does_not_hold_it(data):
    with_it, without = network(), network()
    for model, regularizers in ((with_it, ["l2=10,mode=decoupled"]), (without, [])):
        next(
            rk.training.steps(
                model, *data, optimizer=rk.Adam(), regularizers=regularizers, epochs=1
            )
        )
    assert np.array_equal(with_it.gradients, without.gradients)


def test_its_penalty_counts_in_the_reported_loss(data):
    model = network()
    record = next(
        rk.training.steps(
            model, *data, optimizer=rk.Adam(), regularizers=["l2=0.5,mode=decoupled"], epochs=1
        )
    )
    squares = [np.sum(layer.weights**2) for layer in model.parameter_layers]
    assert record.penalties["l2"] == pytest.approx(0.5 * sum(squares))
    assert record.loss == pytest.approx(record.data_loss + 0.5 * sum(squares))
