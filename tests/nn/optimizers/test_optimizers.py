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
