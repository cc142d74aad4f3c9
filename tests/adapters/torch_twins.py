"""One network twice: regkit's own model, and PyTorch's with the same start."""

from __future__ import annotations

import numpy as np
import torch
from adapters.one_truth import CLASSES, HIDDEN, INPUTS, data, own_model, own_optimizer
from torch import nn


def twins(hidden=HIDDEN):
    """The two models, in float64, whose modules are called as regkit's layers."""
    model = own_model(hidden)
    theirs = nn.Sequential()
    theirs.add_module("dense1", nn.Linear(INPUTS, hidden))
    theirs.add_module("relu1", nn.ReLU())
    theirs.add_module("dense2", nn.Linear(hidden, CLASSES))
    theirs.double()
    with torch.no_grad():
        for layer in model.parameter_layers:
            linear = theirs.get_submodule(layer.name)
            linear.weight[...] = torch.tensor(layer.weights.T.copy())
            linear.bias[...] = torch.tensor(layer.biases[0])
    return model, theirs


def optimizers(name, theirs, lr):
    """regkit's optimizer, and PyTorch's with the same settings."""
    parameters, ours = theirs.parameters(), own_optimizer(name, lr)
    if name == "sgd":
        return ours, torch.optim.SGD(parameters, lr=lr)
    if name == "momentum":
        return ours, torch.optim.SGD(parameters, lr=lr, momentum=0.9)
    if name == "adam":
        return ours, torch.optim.Adam(parameters, lr=lr, eps=1e-7)
    if name == "rmsprop":
        return ours, torch.optim.RMSprop(parameters, lr=lr, alpha=0.9, eps=1e-7)
    return ours, torch.optim.Adagrad(parameters, lr=lr, eps=1e-7)


def train_theirs(theirs, optimizer, steps, before_step=lambda step: None):
    """Full batches by cross-entropy, as anybody would write it."""
    X, y = (torch.tensor(one) for one in data())
    for step in range(steps):
        before_step(step)
        optimizer.zero_grad()
        nn.functional.cross_entropy(theirs(X), y).backward()
        optimizer.step()


def differences(model, theirs):
    """{layer.parameter: the largest difference between both}."""
    found = {}
    for layer in model.parameter_layers:
        linear = theirs.get_submodule(layer.name)
        theirs_by_name = {"weights": linear.weight.detach().T, "biases": linear.bias.detach()}
        for name, ours in layer.params.items():
            other = theirs_by_name[name].numpy().reshape(ours.shape)
            found[f"{layer.name}.{name}"] = float(np.max(np.abs(ours - other)))
    return found
