"""Mode `prox`: no gradient, but a proximal step in the optimizer's metric after its own.

Covers: regkit/training/penalties.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk
from regkit.nn.optimizers import Optimizer


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


class OneStep(rk.L2):
    """A proximal operator that takes one step for all entries, as its class says."""

    array_step = False


class Rank(OneStep):
    """It says why."""

    no_array_step = "the singular values have no steps of their own"


@pytest.mark.parametrize("optimizer", [rk.AdaGrad, rk.RMSProp, rk.Adam])
@pytest.mark.parametrize(
    ("cls", "reason"),
    [(OneStep, "its proximal operator takes one step for all entries"), (Rank, "singular values")],
)
def test_without_array_steps_adaptive_optimizers_are_refused_with_the_reason(
    data, model, optimizer, cls, reason
):
    before = model.parameters.copy()
    label = "one_step" if cls is OneStep else "rank"
    with pytest.raises(rk.errors.InputError) as caught:
        rk.train(
            model, *data, optimizer=optimizer(), regularizers=[cls(1.0, mode="prox")], epochs=1
        )
    message = str(caught.value)
    assert message.startswith(f"{label} is in mode 'prox', but {optimizer.__name__} gives each")
    assert reason in message
    assert message.endswith("use SGD, or mode 'loss' or 'decoupled'")
    assert "\n" not in message
    assert np.array_equal(model.parameters, before)
    for mode in ("loss", "decoupled"):
        rk.train(model, *data, optimizer=optimizer(), regularizers=[cls(1.0, mode=mode)], epochs=1)


def test_an_optimizers_own_divisor_gives_the_steps(data, model):
    """Scaled descent with divisors of the test's own: w ← prox(w − lr · grad / d), steps lr / d."""

    class Scaled(Optimizer):
        def update(self, params, grads, moments):
            params -= self.current_lr * grads / self.divisor(moments)

        def divisor(self, moments):
            return np.array([1.0, 2.0, 4.0, 8.0, 16.0, 1.0])

    X, y = data
    lr, strength = 0.05, 0.7
    w, b = model.layers[0].weights[:, 0].copy(), model.layers[0].biases[0, 0]
    divisors = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    for _ in range(20):
        errors = X @ w + b - y
        dw, db = 2 * X.T @ errors / len(X), 2 * errors.mean()
        w = soft_threshold(w - lr * dw / divisors, strength * lr / divisors)
        b -= lr * db
    rk.train(
        model,
        X,
        y,
        optimizer=Scaled(lr),
        regularizers=[rk.L1(strength, mode="prox")],
        epochs=20,
    )
    assert np.count_nonzero(w == 0) > 0
    assert_allclose(model.layers[0].weights[:, 0], w, rtol=0, atol=1e-12)
    assert np.array_equal(model.layers[0].weights[:, 0] == 0, w == 0)


@pytest.mark.parametrize("make", [lambda: rk.SGD(0.1), lambda: rk.Adam(0.1)])
def test_proximal_regularizers_on_different_parameters_work_together(data, model, make):
    with pytest.warns(rk.errors.RegkitWarning, match="^all weights of dense1 are exactly 0 in the"):
        rk.train(
            model,
            *data,
            optimizer=make(),
            regularizers=["l1=1e4,mode=prox", "l1=1e4,mode=prox@biases"],
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
