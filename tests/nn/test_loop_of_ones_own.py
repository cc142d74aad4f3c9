"""A loop written with the public passes is the loop that regkit has.

Covers: regkit/training/state.py
"""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError

X, Y = rk.datasets.spiral(20, 3)


def network(**more):
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)]
    return rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64", **more)


@pytest.mark.parametrize("optimizer", [rk.SGD, rk.AdaGrad, rk.RMSProp, rk.Adam])
def test_fifteen_lines_train_as_train_does(optimizer):
    model, steps = network(), optimizer(0.05)
    penalty = rk.ElasticNet(1e-2, on="dense1.weights")
    losses = []
    for _ in range(20):
        model.forward(X)
        data_loss = model.backward(Y)
        losses.append(data_loss + (penalty.penalty(model["dense1"]) or 0))
        for layer in model.parameter_layers:
            for name, gradient in (penalty.penalty_grad(layer) or {}).items():
                layer.gradients[name][...] += gradient
        steps.step(model.parameters, model.gradients)
    peer = network()
    history = rk.train(peer, X, Y, optimizer=optimizer(0.05), regularizers=[penalty], epochs=20)
    np.testing.assert_allclose(losses, [record.loss for record in history], rtol=1e-9)
    np.testing.assert_allclose(model.parameters, peer.parameters, rtol=0, atol=1e-9)


def test_forward_gives_raw_outputs_that_later_passes_leave_alone():
    model = network()
    outputs = model.forward(X)
    np.testing.assert_allclose(outputs.argmax(axis=1), model.predict(X))
    shifted = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    shares = shifted / shifted.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, model.predict_proba(X))
    kept = outputs.copy()
    model.backward(Y)
    model.forward(X[:5])
    assert np.array_equal(outputs, kept)


def test_backward_is_the_derivative_of_the_loss_it_returns():
    model = network()
    model.forward(X)
    loss = model.backward(Y)
    assert loss == model.evaluate(X, Y).data_loss
    gradient = model.gradients.copy()
    for number in range(0, model.parameters.size, 7):
        before = model.parameters[number]
        found = []
        for step in (1e-6, -1e-6):
            model.parameters[number] = before + step
            found.append(model.evaluate(X, Y).data_loss)
        model.parameters[number] = before
        assert gradient[number] == pytest.approx((found[0] - found[1]) / 2e-6, abs=1e-8)


def test_dropout_acts_with_a_generator_only():
    model = rk.Model([rk.Dense(2, 50), rk.Dropout(0.5), rk.Dense(50, 3)], rk.SoftmaxCrossEntropy())
    plain = model.forward(X)
    np.testing.assert_allclose(plain, model.forward(X))
    first = model.forward(X, rng=np.random.default_rng(1))
    again = model.forward(X, rng=np.random.default_rng(1))
    assert np.array_equal(first, again)
    assert not np.allclose(first, plain)


def test_labels_and_copies_work_and_order_is_checked():
    model = network()
    with pytest.raises(InputError, match=r"call model\.forward\(X\) first"):
        model.backward(Y)
    model.learn_classes(np.array(list("abc"))[Y])
    model.forward(X)
    model.backward(np.array(list("abc"))[Y])
    with pytest.raises(InputError, match="X has 60 rows, but y has 3"):
        model.backward(["a", "b", "c"])
    import copy

    other = copy.deepcopy(model)
    with pytest.raises(InputError, match="first"):
        other.backward(Y)
