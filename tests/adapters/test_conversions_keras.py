"""Keras' strengths as `docs/conversions.md` converts them: step by step the same."""

from functools import partial

import keras
import numpy as np
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
from keras import constraints, optimizers, regularizers

import regkit as rk

# Keras multiplies matrices in float32, whatever the layers' dtype.
LR, TOLERANCE = 2.0**-4, 1e-5
# As Keras uses ε, it is not in regkit's place; small, it makes no difference.
EPSILON = 1e-14
LIBRARY = {
    **vars(regularizers),
    **vars(constraints),
    "Dense": partial(keras.layers.Dense, dtype="float64"),
    "units": 5,
}


def trained(first, optimizer, arrays):
    """The parameters after training a network with this first layer."""
    last = keras.layers.Dense(3, dtype="float64")
    relu = keras.layers.ReLU(dtype="float64")
    inputs = keras.Input((4,), dtype="float64")
    model = keras.Model(inputs, last(relu(first(inputs))))
    model.set_weights([one.reshape(-1) if len(one) == 1 else one for one in arrays])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    model.compile(optimizer, loss)
    X, y = rows_of_classes()
    for _ in range(STEPS):
        model.train_on_batch(X, y)
    return in_a_row(one.value.detach().numpy() for one in model.weights)


def trained_by_sgd(row, arrays, **names):
    return trained(setting(row, **LIBRARY, **names), optimizers.SGD(LR), arrays)


def by_sgd():
    return rk.SGD(LR)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("`Dense(units, kernel_regularizer=L1(l))`", {"l": 0.05}),
        ("`Dense(units, kernel_regularizer=L2(l))`", {"l": 0.05}),
        ("`Dense(units, kernel_regularizer=L1L2(l, a))`", {"l": 0.05, "a": 0.1}),
        ("`Dense(units, bias_regularizer=L2(l))`", {"l": 0.05}),
        ("`Dense(units, activity_regularizer=L1(l))`", {"l": 0.05}),
        ('`Dense(units, activation="relu", activity_regularizer=L2(l))`', {"l": 0.05}),
    ],
)
def test_regularizers(row, names):
    expected = trained_by_sgd(row, start(), **names)
    assert_converts(converted(row, **names), stepped(by_sgd, start()), expected, TOLERANCE)


def test_the_subgradient_at_zero():
    row = "`Dense(units, kernel_regularizer=L1(l))`"
    arrays = start()
    arrays[0][3, 0] = 0
    expected = trained_by_sgd(row, arrays, l=0.05)
    assert_converts(converted(row, l=0.05), stepped(by_sgd, arrays), expected, TOLERANCE)
    default = stepped(by_sgd, arrays)(rk.L1(0.05, on="dense1.weights"))
    assert np.max(np.abs(default - expected)) > 1e-4


def test_the_subgradient_at_zero_of_both_together():
    row, names = "`Dense(units, kernel_regularizer=L1L2(l, a))`", {"l": 0.05, "a": 0.1}
    arrays = start()
    arrays[0][3, 0] = 0
    at_zero = np.flatnonzero(in_a_row(arrays) == 0)
    assert trained_by_sgd(row, arrays, **names)[at_zero] == 0
    assert stepped(by_sgd, arrays)(converted(row, **names))[at_zero] != 0


@pytest.mark.parametrize(
    "row",
    [
        "`Dense(units, kernel_constraint=MaxNorm(3))`",
        "`Dense(units, kernel_constraint=MaxNorm(3, axis=1))`",
        "`Dense(units, kernel_constraint=UnitNorm())`",
        "`Dense(units, kernel_constraint=NonNeg())`",
    ],
)
def test_constraints(row):
    constraint = setting(row, **LIBRARY).kernel_constraint
    arrays = start()
    arrays[0] = constraint(-3 * arrays[0]).numpy()
    expected = trained_by_sgd(row, arrays)
    assert_converts(converted(row), stepped(by_sgd, arrays), expected, TOLERANCE)


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        ("`SGD(lr, weight_decay=d)`", by_sgd),
        ("`Adam(lr, weight_decay=d)`", lambda: rk.Adam(LR, epsilon=EPSILON)),
        ("`AdamW(lr, weight_decay=d)`", lambda: rk.Adam(LR, epsilon=EPSILON)),
    ],
)
def test_the_decay_of_an_optimizer(row, ours):
    theirs = {**vars(optimizers), "Adam": partial(optimizers.Adam, epsilon=EPSILON)}
    theirs["AdamW"] = partial(optimizers.AdamW, epsilon=EPSILON)
    optimizer = setting(row, **theirs, lr=LR, d=0.2)
    first = keras.layers.Dense(5, dtype="float64")
    expected = trained(first, optimizer, start())
    assert_converts(converted(row, d=0.2), stepped(ours, start()), expected, TOLERANCE)
