"""PyTorch's strengths as `docs/conversions.md` converts them: step by step the same."""

import numpy as np
import pytest
import torch
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
from torch.nn.functional import cross_entropy

import regkit as rk

LR, EPSILON, TOLERANCE = 0.05, 1e-8, 1e-9


class Theirs:
    """PyTorch's network, with the weights that regkit's begins with."""

    def __init__(self, arrays):
        self.parameters = [torch.tensor(one, requires_grad=True) for one in arrays]
        self.inputs, self.y = (torch.tensor(one) for one in rows_of_classes())

    def outputs(self):
        w1, b1, w2, b2 = self.parameters
        return torch.relu(self.inputs @ w1 + b1) @ w2 + b2

    def trained(self, optimizer, loss):
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()
        return in_a_row(one.detach().numpy() for one in self.parameters)


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        ("`SGD(params, lr, weight_decay=d)`", lambda: rk.SGD(LR)),
        ("`Adam(params, lr, weight_decay=d)`", lambda: rk.Adam(LR, epsilon=EPSILON)),
        (
            "`RMSprop(params, lr, weight_decay=d)`",
            lambda: rk.RMSProp(LR, rho=0.99, epsilon=EPSILON),
        ),
        ("`Adagrad(params, lr, weight_decay=d)`", lambda: rk.AdaGrad(LR, epsilon=1e-10)),
        ("`AdamW(params, lr, weight_decay=d)`", lambda: rk.Adam(LR, epsilon=EPSILON)),
    ],
)
def test_the_decay_of_an_optimizer(row, ours):
    theirs = Theirs(start())
    optimizer = setting(row, **vars(torch.optim), params=theirs.parameters, lr=LR, d=0.2)
    expected = theirs.trained(optimizer, lambda: cross_entropy(theirs.outputs(), theirs.y))
    assert_converts(converted(row, d=0.2), stepped(ours, start()), expected, TOLERANCE)


def trained_with_a_penalty(row, arrays):
    """PyTorch's parameters after training with the loss of a row, and the row's regularizer."""
    theirs = Theirs(arrays)
    n = len(theirs.y)
    optimizer = torch.optim.SGD(theirs.parameters, lr=LR / n if '"sum"' in row else LR)
    names = {"cross_entropy": cross_entropy, "y": theirs.y, "weight": theirs.parameters[0]}
    factor = {"a": 0.7 if '"sum"' in row else 0.05}
    expected = theirs.trained(
        optimizer, lambda: setting(row, **names, **factor, outputs=theirs.outputs())
    )
    return expected, converted(row, **factor, n=n)


@pytest.mark.parametrize(
    "row",
    [
        "`cross_entropy(outputs, y) + a * weight.square().sum()`",
        "`cross_entropy(outputs, y) + a * weight.abs().sum()`",
        '`cross_entropy(outputs, y, reduction="sum") + a * weight.square().sum()`',
    ],
)
def test_a_penalty_in_the_loss(row):
    expected, regularizer = trained_with_a_penalty(row, start())
    ours = stepped(lambda: rk.SGD(LR), start())
    assert_converts(regularizer, ours, expected, TOLERANCE)


def test_the_subgradient_at_zero():
    arrays = start()
    arrays[0][3, 0] = 0
    row = "`cross_entropy(outputs, y) + a * weight.abs().sum()`"
    expected, regularizer = trained_with_a_penalty(row, arrays)
    ours = stepped(lambda: rk.SGD(LR), arrays)
    assert_converts(regularizer, ours, expected, TOLERANCE)
    default = rk.L1(regularizer.strength, on=regularizer.on)
    assert np.max(np.abs(ours(default) - expected)) > 1e-4
