"""Mode `prox`: no gradient, but a proximal step with the learning rate after SGD's own.

Covers: regkit/training/penalties.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk


@pytest.fixture
def data():
    rng = np.random.default_rng(4)
    return rng.standard_normal((30, 5)), rng.standard_normal(30)


@pytest.fixture
def model():
    model = rk.Model([rk.Dense(5, 1)], loss=rk.MeanSquaredError(), dtype="float64")
    model.parameters[...] = np.random.default_rng(5).standard_normal(6)
    return model


def soft_threshold(w, threshold):
    return np.sign(w) * np.maximum(np.abs(w) - threshold, 0)


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_momentum_is_the_displacement_after_the_proximal_step(data, model, momentum):
    X, y = data
    strength, lr, decay = 0.3, 0.1, 1e-2
    w, b = model.layers[0].weights.copy(), model.layers[0].biases.copy()
    w_before, b_before = w, b
    for iteration in range(60):
        step = lr / (1 + decay * iteration)
        errors = X @ w + b - y[:, np.newaxis]
        dw, db = 2 * X.T @ errors / len(X), 2 * errors.mean(axis=0, keepdims=True)
        moved = w - step * dw + momentum * (w - w_before)
        w_before, w = w, soft_threshold(moved, step * strength)
        b_before, b = b, b - step * db + momentum * (b - b_before)
    rk.train(
        model,
        X,
        y,
        optimizer=rk.SGD(lr, decay=decay, momentum=momentum),
        regularizers=[rk.L1(strength, mode="prox")],
        epochs=60,
    )
    assert np.count_nonzero(w == 0) > 0
    assert np.array_equal(model.layers[0].weights == 0, w == 0)
    assert_allclose(model.layers[0].weights, w, rtol=0, atol=1e-12)
    assert_allclose(model.layers[0].biases, b, rtol=0, atol=1e-12)


def test_penalty_grad_adds_nothing_but_the_penalty_counts(data, model):
    run = {"optimizer": rk.SGD(0.1), "epochs": 1}
    without = next(rk.training.steps(model, *data, **run))
    gradients = model.gradients.copy()
    record = next(rk.training.steps(model, *data, regularizers=["l1=0.5,mode=prox"], **run))
    assert np.array_equal(model.gradients, gradients)
    expected = 0.5 * np.abs(model.layers[0].weights).sum()
    assert record.loss == pytest.approx(without.loss + expected, rel=1e-12)


@pytest.mark.parametrize("optimizer", [rk.AdaGrad, rk.RMSProp, rk.Adam])
def test_adaptive_optimizers_are_refused_with_the_reason(data, model, optimizer):
    with pytest.raises(rk.errors.InputError, match="l1 is in mode 'prox', which needs SGD"):
        rk.train(model, *data, optimizer=optimizer(), regularizers=["l1=1,mode=prox"], epochs=1)


def test_proximal_regularizers_on_different_parameters_work_together(data, model):
    rk.train(
        model,
        *data,
        optimizer=rk.SGD(0.1),
        regularizers=["l1=100,mode=prox", "l1=100,mode=prox@biases"],
        epochs=1,
    )
    assert not model.parameters.any()


def test_a_run_that_diverges_in_mode_prox_is_no_fault_of_the_regularizer(data, model):
    with pytest.raises(rk.errors.DivergenceError) as caught:
        rk.train(
            model,
            *data,
            optimizer=rk.SGD(5.0),
            regularizers=["l1=0.1,mode=prox"],
            epochs=1000,
        )
    assert caught.value.term == "data loss"
