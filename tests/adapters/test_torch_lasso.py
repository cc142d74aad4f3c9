"""Proximal points in the optimizer's metric reach scikit-learn's coefficients, zeros included."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, MultiTaskLasso
from torch import nn

from regkit.torch import regularize

EXACT = 1e-8


def diabetes(scales=None):
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    y = (y - y.mean()) / y.std()
    return (X if scales is None else X * scales), y


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
    scales = np.random.default_rng(0).uniform(-0.7, 0.7, 10) if mixed else np.zeros(10)
    X, y = diabetes(10**scales)
    alpha = 0.1
    wanted = ElasticNet(alpha=alpha, l1_ratio=1, tol=1e-14, max_iter=10**6).fit(X, y).coef_
    found, handle = coefficients(X, y, make_optimizer, f"l1={2 * alpha},mode=prox", steps, decay)
    assert np.max(np.abs(found - wanted)) <= EXACT
    assert np.array_equal(found == 0, wanted == 0)
    assert 0 < handle.zeros()[""] == np.mean(wanted == 0)


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
    alpha = 0.1
    wanted = ElasticNet(alpha=alpha, l1_ratio=1, tol=1e-14, max_iter=10**6).fit(X, y).coef_
    found, _ = coefficients(
        X, y, lambda p: sgd(p, **settings), f"l1={2 * alpha},mode=prox", 3000, decay=0
    )
    assert np.max(np.abs(found - wanted)) <= EXACT
    assert np.array_equal(found == 0, wanted == 0)


@pytest.mark.slow
def test_the_group_lasso_of_several_outputs():
    X, _ = diabetes()
    Y = X[:, :3] @ np.random.default_rng(0).standard_normal((3, 2))
    Y += 0.5 * np.random.default_rng(1).standard_normal(Y.shape)
    Y -= Y.mean(0)
    alpha = 0.3
    wanted = MultiTaskLasso(alpha=alpha, tol=1e-14, max_iter=10**6).fit(X, Y).coef_
    strength = 2 * alpha / 2 / np.sqrt(2)  # Over outputs, and √ of the group's size.
    found, _ = coefficients(X, Y, adam, f"group_lasso={strength},groups=outgoing,mode=prox", 2000)
    assert np.max(np.abs(found - wanted)) <= EXACT
    assert np.array_equal(found == 0, wanted == 0)
