"""Every optimizer as a rule on flat parameters, against the chapter's formulas; its own state.

Covers: regkit/nn/optimizers/adagrad.py, regkit/nn/optimizers/adam.py
Covers: regkit/nn/optimizers/optimizer.py, regkit/nn/optimizers/rmsprop.py
Covers: regkit/nn/optimizers/sgd.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import chapter

import regkit as rk
from regkit.kernels.chunks import KEPT_CHUNK

RULES = [
    ("SGD", {"lr": 0.3, "decay": 0.1}),
    ("SGD", {"lr": 0.3, "momentum": 0.9}),
    ("AdaGrad", {"lr": 0.3, "decay": 0.1, "epsilon": 0.1}),
    ("RMSProp", {"lr": 0.3, "decay": 0.1, "rho": 0.8}),
    ("Adam", {"lr": 0.3, "decay": 0.1, "epsilon": 0.1, "beta_1": 0.6, "beta_2": 0.7}),
]
OPTIMIZERS = [rk.SGD, rk.AdaGrad, rk.RMSProp, rk.Adam]


@pytest.mark.parametrize(("name", "settings"), RULES)
def test_spans_larger_than_a_piece_follow_the_chapters_rule_and_the_rest_stays(name, settings):
    rng = np.random.default_rng(0)
    params = rng.standard_normal(3 * KEPT_CHUNK + 500)
    inside = np.zeros(params.size, dtype=bool)
    spans = [slice(5, KEPT_CHUNK + 7), slice(KEPT_CHUNK + 300, params.size - 11)]
    for span in spans:
        inside[span] = True
    start, plain = params.copy(), params[inside]
    optimizer, reference = getattr(rk, name)(**settings), getattr(chapter, name)(**settings)
    for _ in range(4):
        gradient = rng.standard_normal(params.size)
        optimizer.step(params, gradient, spans)
        reference.pre_update()
        reference.update_array(plain, gradient[inside])
        reference.post_update()
    assert_allclose(params[inside], plain, rtol=0, atol=1e-12)
    assert np.array_equal(params[~inside], start[~inside])


@pytest.mark.parametrize("cls", OPTIMIZERS)
def test_the_learning_rate_decays_by_steps_taken(cls):
    optimizer = cls(0.5, decay=0.25)
    params, gradient = np.ones(3), np.ones(3)
    rates = []
    for _ in range(4):
        rates.append(optimizer.current_lr)
        optimizer.step(params, gradient, [slice(0, 3)])
    assert rates == [0.5, 0.5 / 1.25, 0.5 / 1.5, 0.5 / 1.75]


def still_model(weight, bias):
    """A model whose first layer gets no gradient from the data: nothing leaves the second."""
    model = rk.Model(
        [rk.Dense(1, 1), rk.Dense(1, 1, trainable=False)], rk.MeanSquaredError(), dtype="float64"
    )
    model.parameters[...] = weight, bias, 0.0, 0.0
    return model


@pytest.mark.parametrize("strength", [1e-4, 1.0])
def test_adam_moves_a_zero_bias_under_l1_by_a_full_learning_rate_whatever_the_strength(strength):
    model = still_model(1.0, 0.0)
    with pytest.warns(rk.errors.RegkitWarning):
        rk.train(
            model,
            [[1.0]],
            [1.0],
            optimizer=rk.Adam(0.05),
            regularizers=[rk.L1(strength, on="dense1.biases")],
            epochs=1,
        )
    assert model.layers[0].biases[0, 0] == pytest.approx(-0.05, rel=2e-3)


def test_l2_under_adam_is_not_weight_decay():
    model = still_model(1.0, 0.0)
    rk.train(
        model,
        [[1.0]],
        [1.0],
        optimizer=rk.Adam(0.02),
        regularizers=[rk.L2(1e-4, on="dense1.weights")],
        epochs=100,
    )
    assert model.layers[0].weights[0, 0] == pytest.approx(-0.008, abs=5e-4)


def test_l2_beside_adam_is_weight_decay():
    model = still_model(1.0, 0.0)
    rk.train(
        model,
        [[1.0]],
        [1.0],
        optimizer=rk.Adam(0.02),
        regularizers=[rk.L2(1e-4, on="dense1.weights", mode="decoupled")],
        epochs=100,
    )
    assert model.layers[0].weights[0, 0] == pytest.approx((1 - 0.02 * 2e-4) ** 100, rel=1e-12)


EPSILON = 1e-3


def adagrad(gradients):
    return np.sqrt(sum(g**2 for g in gradients)) + EPSILON


def rmsprop(gradients):
    cache = 0
    for g in gradients:
        cache = 0.8 * cache + 0.2 * g**2
    return np.sqrt(cache) + EPSILON


def adam(gradients):
    v = 0
    for g in gradients:
        v = 0.7 * v + 0.3 * g**2
    return np.sqrt(v / (1 - 0.7 ** len(gradients))) + EPSILON


DIVISORS = [
    (lambda: rk.AdaGrad(0.3, decay=0.1, epsilon=EPSILON), adagrad),
    (lambda: rk.RMSProp(0.3, decay=0.1, epsilon=EPSILON, rho=0.8), rmsprop),
    (lambda: rk.Adam(0.3, decay=0.1, epsilon=EPSILON, beta_2=0.7), adam),
]


@pytest.mark.parametrize(("make", "divisor"), DIVISORS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_proximal_step_is_the_rate_over_what_directions_are_divided_by(make, divisor, dtype):
    rng = np.random.default_rng(0)
    params, gradients, optimizer = np.ones(6, dtype), [], make()
    for step in range(5):
        gradient = rng.standard_normal(6).astype(dtype)
        gradient[0] = 0.0  # A dead neuron's: the step is lr / epsilon there.
        gradients.append(gradient.astype(float))
        optimizer.step(params, gradient)
        lr = 0.3 / (1 + 0.1 * step)
        assert optimizer.used_lr == lr
        found = optimizer.proximal_step()
        assert found.dtype == dtype
        expected = lr / divisor(gradients)
        assert expected[0] == pytest.approx(lr / EPSILON)
        assert_allclose(found, expected, rtol=1e-12 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize("cls", [rk.AdaGrad, rk.RMSProp])
def test_it_is_what_the_update_divided_by(cls):
    params, gradient, optimizer = np.zeros(4), np.array([0.5, -2.0, 3.0, 1e-5]), cls(0.1)
    for _ in range(3):
        before = params.copy()
        optimizer.step(params, gradient)
        assert_allclose(before - params, optimizer.proximal_step() * gradient, rtol=1e-12)


def test_under_sgd_it_is_the_learning_rate():
    optimizer, params = rk.SGD(0.5, decay=1.0, momentum=0.9), np.ones(3)
    for rate in (0.5, 0.25):
        optimizer.step(params, np.ones(3))
        assert optimizer.proximal_step() == optimizer.used_lr == rate


@pytest.mark.parametrize("cls", OPTIMIZERS)
def test_a_training_can_be_gone_on_with(cls):
    X, y = rk.datasets.spiral(samples=20, classes=3, seed=1)

    def model():
        return rk.Model([rk.Dense(2, 8), rk.Tanh(), rk.Dense(8, 3)], rk.SoftmaxCrossEntropy())

    at_once, in_two = model(), model()
    rk.train(at_once, X, y, optimizer=cls(0.01, decay=0.1), regularizers=["l2=0.01"], epochs=30)
    optimizer = cls(0.01, decay=0.1)
    for epochs in (10, 20):
        rk.train(in_two, X, y, optimizer=optimizer, regularizers=["l2=0.01"], epochs=epochs)
    assert np.array_equal(at_once.parameters, in_two.parameters)


def test_an_optimizer_serves_one_model():
    optimizer = rk.Adam(0.01)
    rk.train(still_model(1.0, 0.0), [[1.0]], [1.0], optimizer=optimizer, epochs=1)
    with pytest.raises(rk.errors.InputError, match="holds the moments of another model"):
        rk.train(still_model(1.0, 0.0), [[1.0]], [1.0], optimizer=optimizer, epochs=1)


@pytest.mark.parametrize("cls", OPTIMIZERS)
@pytest.mark.parametrize(
    "settings",
    [
        {"lr": 0},
        {"lr": -1},
        {"lr": float("nan")},
        {"lr": float("inf")},
        {"lr": "0.1"},
        {"lr": True},
        {"lr": 1, "decay": -0.1},
        {"lr": 1, "decay": float("inf")},
    ],
)
def test_rates_out_of_range_are_refused(cls, settings):
    with pytest.raises(rk.errors.InputError, match=f"^{list(settings)[-1]} must be finite and"):
        cls(**settings)


@pytest.mark.parametrize(
    ("cls", "setting", "value"),
    [
        (rk.SGD, "momentum", 1.0),
        (rk.SGD, "momentum", -0.1),
        (rk.AdaGrad, "epsilon", 0.0),
        (rk.RMSProp, "rho", 1.0),
        (rk.RMSProp, "epsilon", -1.0),
        (rk.Adam, "beta_1", 1.0),
        (rk.Adam, "beta_2", -0.5),
        (rk.Adam, "epsilon", 0.0),
    ],
)
def test_settings_out_of_range_are_refused(cls, setting, value):
    with pytest.raises(rk.errors.InputError, match=f"^{setting} must be"):
        cls(0.1, **{setting: value})
