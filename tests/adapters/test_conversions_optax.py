"""optax's strengths as `docs/conversions.md` converts them: step by step the same."""

import jax
import numpy as np
import optax
import pytest
from adapters.test_conversions import (
    STEPS,
    assert_converts,
    converted,
    in_a_row,
    rows_of_classes,
    setting,
    start,
    stepped,
)

import regkit as rk

LR, D, TOLERANCE = 0.05, 0.2, 1e-9


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True):
        yield


def data_loss(parameters):
    X, y = rows_of_classes()
    w1, b1, w2, b2 = parameters
    outputs = jax.nn.relu(X @ w1 + b1) @ w2 + b2
    return optax.losses.softmax_cross_entropy_with_integer_labels(outputs, y).mean()


def trained(optimizer, arrays):
    """The parameters after training by an optimizer of optax."""

    @jax.jit
    def step(parameters, state):
        updates, state = optimizer.update(jax.grad(data_loss)(parameters), state, parameters)
        return optax.apply_updates(parameters, updates), state

    parameters = [jax.numpy.asarray(one) for one in arrays]
    state = optimizer.init(parameters)
    for _ in range(STEPS):
        parameters, state = step(parameters, state)
    return in_a_row(parameters)


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        ("`chain(add_decayed_weights(d), sgd(lr))`", lambda: rk.SGD(LR)),
        ("`chain(add_decayed_weights(d), adam(lr))`", lambda: rk.Adam(LR, epsilon=1e-8)),
        (
            "`chain(scale_by_adam(), add_decayed_weights(d), scale_by_learning_rate(lr))`",
            lambda: rk.Adam(LR, epsilon=1e-8),
        ),
        ("`adamw(lr, weight_decay=d)`", lambda: rk.Adam(LR, epsilon=1e-8)),
    ],
)
def test_decay(row, ours):
    expected = trained(setting(row, **vars(optax), lr=LR, d=D), start())
    assert_converts(converted(row, d=D), stepped(ours, start()), expected, TOLERANCE)


def test_parameters_that_are_not_negative():
    row = "`chain(adam(lr), keep_params_nonnegative())`"
    arrays = [np.abs(one) for one in start()]
    expected = trained(setting(row, **vars(optax), lr=LR), arrays)
    assert 0 < np.count_nonzero(expected == 0) < expected.size
    ours = stepped(lambda: rk.Adam(LR, epsilon=1e-8), arrays)
    assert_converts(converted(row), ours, expected, TOLERANCE)
