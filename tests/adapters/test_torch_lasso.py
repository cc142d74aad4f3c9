"""Proximal points in the optimizer's metric reach scikit-learn's coefficients, zeros included."""

import numpy as np
import pytest
import torch
from adapters.lassos import (
    SPEC,
    SPEC_OF_GROUPS,
    diabetes,
    lasso,
    lasso_of_groups,
    require_solved,
    two_outputs,
)
from torch import nn

from regkit.torch import regularize


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.02)


def rmsprop(parameters):
    return torch.optim.RMSprop(parameters, lr=0.02)


def sgd(parameters, **settings):
    return torch.optim.SGD(parameters, lr=0.1, **settings)


def coefficients(X, y, make_optimizer, spec, steps, decay=1e-3):
    """Of a linear model with a free bias, by full batches at lr / (1 + decay · step)."""
    outputs = 1 if y.ndim == 1 else y.shape[1]
    model = nn.Linear(X.shape[1], outputs).double()
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = make_optimizer(model.parameters())
    handle = regularize(model, optimizer, [spec])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + decay * step))
    inputs, targets = torch.tensor(X), torch.tensor(y.reshape(len(y), outputs))
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(inputs), targets).backward()
        optimizer.step()
        schedule.step()
    return model.weight.detach().numpy().squeeze(), handle


@pytest.mark.slow
@pytest.mark.parametrize("mixed", [False, True], ids=["standardized", "mixed scales"])
@pytest.mark.parametrize(
    ("make_optimizer", "steps", "decay"),
    [(adam, 4000, 1e-3), (rmsprop, 4000, 1e-3)],
    ids=["adam", "rmsprop"],
)
def test_the_lasso(make_optimizer, steps, decay, mixed):
    X, y = diabetes(mixed)
    found, handle = coefficients(X, y, make_optimizer, SPEC, steps, decay)
    require_solved(found, lasso(X, y))
    assert handle.zeros()[""] == np.mean(found == 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.5, "dampening": 0.5},
    ],
    ids=str,
)
def test_momentum_of_every_kind_leaves_the_strength_alone(settings):
    X, y = diabetes()
    found, _ = coefficients(X, y, lambda p: sgd(p, **settings), SPEC, 3000, decay=0)
    require_solved(found, lasso(X, y))


@pytest.mark.slow
def test_the_group_lasso_of_several_outputs():
    X, Y = two_outputs()
    found, _ = coefficients(X, Y, adam, SPEC_OF_GROUPS, 2000)
    require_solved(found, lasso_of_groups(X, Y))
