"""Gradients of the whole loss, penalties included, against autograd and finite differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import autodiff

import regkit as rk

ACTIVATIONS = {"relu": rk.ReLU, "sigmoid": rk.Sigmoid, "tanh": rk.Tanh}
LOSSES = {
    "softmax_cross_entropy": rk.SoftmaxCrossEntropy,
    "binary_cross_entropy": rk.BinaryCrossEntropy,
    "mean_squared_error": rk.MeanSquaredError,
}
# Each list of specs beside the same penalty in autograd's words; p[0] and p[1] are the first and
# the second dense layer's (weights, biases).
PENALTIES = {
    "none": ([], lambda p: 0.0),
    "l1": (["l1=0.3@dense1.weights"], lambda p: 0.3 * autodiff.l1(p[0][0])),
    "l1 on biases": (
        ["l1=0.2@biases"],
        lambda p: 0.2 * (autodiff.l1(p[0][1]) + autodiff.l1(p[1][1])),
    ),
    "l2": (["l2=0.3"], lambda p: 0.3 * (autodiff.l2(p[0][0]) + autodiff.l2(p[1][0]))),
    "l2 on a layer": (
        ["l2=0.2@dense2"],
        lambda p: 0.2 * (autodiff.l2(p[1][0]) + autodiff.l2(p[1][1])),
    ),
    "elastic_net": (
        ["elastic_net=0.4,l1_ratio=0.3@dense1"],
        lambda p: sum(0.12 * autodiff.l1(w) + 0.28 * autodiff.l2(w) for w in p[0]),
    ),
    "three": (
        ["l1=0.1", "l2=0.2@biases", "elastic_net=0.3,l1_ratio=1@dense2.*"],
        lambda p: (
            sum(0.1 * autodiff.l1(weights) + 0.2 * autodiff.l2(biases) for weights, biases in p)
            + 0.3 * (autodiff.l1(p[1][0]) + autodiff.l1(p[1][1]))
        ),
    ),
}


def table(loss, rows=12):
    rng = np.random.default_rng(5)
    X = rng.standard_normal((rows, 4))
    y = {
        "softmax_cross_entropy": rng.integers(0, 3, rows),
        "binary_cross_entropy": rng.integers(0, 2, (rows, 3)),
        "mean_squared_error": rng.standard_normal((rows, 3)),
    }[loss]
    return X, y


def network(activation, loss):
    model = rk.Model(
        [rk.Dense(4, 6), activation, rk.Dense(6, 3)], loss=LOSSES[loss](), dtype="float64"
    )
    model.parameters[...] = 0.7 * np.random.default_rng(2).standard_normal(model.parameters.size)
    return model


def whole_loss(model, X, y, specs):
    """The loss and its gradients by layer, as the loop has them before its first update."""
    run = rk.training.steps(model, X, y, optimizer=rk.SGD(1.0), regularizers=specs, epochs=1)
    record = next(run)
    gradients = [(dense.dweights.copy(), dense.dbiases.copy()) for dense in model.layers[::2]]
    run.close()
    return record.loss, gradients


def assert_equal_gradients(ours, theirs):
    for layer, reference in zip(ours, theirs, strict=True):
        for gradient, expected in zip(layer, reference, strict=True):
            assert_allclose(gradient, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("specs", "penalty"), PENALTIES.values(), ids=PENALTIES.keys())
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_agree_with_autograd(activation, loss, specs, penalty):
    X, y = table(loss)
    model = network(ACTIVATIONS[activation](), loss)
    params = [(dense.weights, dense.biases) for dense in model.layers[::2]]
    value, gradients = whole_loss(model, X, y, specs)
    expected_value, expected_gradients = autodiff.loss_and_gradients(
        params, X, y, ["dense", activation, "dense"], getattr(autodiff, loss), penalty
    )
    assert value == pytest.approx(expected_value, rel=1e-12)
    assert_equal_gradients(gradients, expected_gradients)


def test_gradients_through_dropout_agree_with_autograd():
    rows, rate = 9, 0.4
    X = np.eye(rows)  # Row i of the first layer's gradient then belongs to sample i alone.
    y = np.random.default_rng(1).standard_normal((rows, 3))
    model = rk.Model(
        [rk.Dense(rows, 7), rk.Dropout(rate), rk.Dense(7, 3)],
        loss=rk.MeanSquaredError(),
        dtype="float64",
    )
    model.parameters[...] = np.random.default_rng(2).standard_normal(model.parameters.size)
    params = [(dense.weights, dense.biases) for dense in model.layers[::2]]
    value, gradients = whole_loss(model, X, y, ["l2=0.1"])
    gradient_of_data_loss = gradients[0][0] - 2 * 0.1 * model.layers[0].weights
    kept = np.abs(gradient_of_data_loss) > 1e-12
    assert 0 < np.count_nonzero(kept) < kept.size

    expected_value, expected_gradients = autodiff.loss_and_gradients(
        params,
        X,
        y,
        ["dense", kept / (1 - rate), "dense"],
        autodiff.mean_squared_error,
        lambda p: 0.1 * (autodiff.l2(p[0][0]) + autodiff.l2(p[1][0])),
    )
    assert value == pytest.approx(expected_value, rel=1e-12)
    assert_equal_gradients(gradients, expected_gradients)


def central_differences(model, loss_at, h=1e-6):
    """(loss(w + h) − loss(w − h)) / 2h for each parameter of the model."""
    differences = np.empty_like(model.parameters)
    for index, value in enumerate(model.parameters.copy()):
        model.parameters[index] = value + h
        above = loss_at()
        model.parameters[index] = value - h
        differences[index] = (above - loss_at()) / (2 * h)
        model.parameters[index] = value
    return differences


def flattened(gradients):
    return np.concatenate([array.ravel() for of_layer in gradients for array in of_layer])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS.values())
def test_gradients_agree_with_central_differences(activation, loss):
    X, y = table(loss)
    model = network(activation(), loss)
    specs = ["l1=0.1@dense1", "l2=0.2", "elastic_net=0.1@biases"]
    _, gradients = whole_loss(model, X, y, specs)
    # At this rate no step changes anything, so a run evaluates whatever is put into the model.
    still = rk.training.steps(
        model, X, y, optimizer=rk.SGD(1e-300), regularizers=specs, epochs=10_000
    )
    differences = central_differences(model, lambda: next(still).loss)
    assert_allclose(flattened(gradients), differences, rtol=1e-6, atol=1e-8)


def test_gradients_through_dropout_agree_with_central_differences():
    X, y = table("mean_squared_error")
    model = rk.Model(
        [rk.Dense(4, 2), rk.Dropout(0.5), rk.Dense(2, 3)],
        loss=rk.MeanSquaredError(),
        dtype="float64",
    )
    model.parameters[...] = np.random.default_rng(6).standard_normal(model.parameters.size)
    _, gradients = whole_loss(model, X, y, ["l2=0.2"])
    # A run of its own for each value: the same seed drops the same outputs.
    differences = central_differences(model, lambda: whole_loss(model, X, y, ["l2=0.2"])[0])
    assert_allclose(flattened(gradients), differences, rtol=1e-6, atol=1e-8)
