"""One network twice: regkit's own model, and PyTorch's with the same start."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

import regkit as rk

ROWS, INPUTS, HIDDEN, CLASSES = 60, 4, 6, 3


def data():
    rng = np.random.default_rng(0)
    return rng.standard_normal((ROWS, INPUTS)), np.arange(ROWS) % CLASSES


def twins(hidden=HIDDEN):
    """The two models, in float64, whose modules are called as regkit's layers."""
    layers = [rk.Dense(INPUTS, hidden, init="he"), rk.ReLU(), rk.Dense(hidden, CLASSES, init="he")]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=1, dtype="float64")
    for layer in model.parameter_layers:
        layer.params["biases"][...] = 0.1 + 0.05 * np.arange(layer.biases.size)
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
    parameters = theirs.parameters()
    if name == "sgd":
        return rk.SGD(lr), torch.optim.SGD(parameters, lr=lr)
    if name == "momentum":
        return rk.SGD(lr, momentum=0.9), torch.optim.SGD(parameters, lr=lr, momentum=0.9)
    if name == "adam":
        return rk.Adam(lr, epsilon=1e-7), torch.optim.Adam(parameters, lr=lr, eps=1e-7)
    if name == "rmsprop":
        ours = rk.RMSProp(lr, rho=0.9, epsilon=1e-7)
        return ours, torch.optim.RMSprop(parameters, lr=lr, alpha=0.9, eps=1e-7)
    return rk.AdaGrad(lr, epsilon=1e-7), torch.optim.Adagrad(parameters, lr=lr, eps=1e-7)


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
