"""What every framework is compared on: regkit's own network, its data, and each penalty's modes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from frameworks.penalties import CASES

import regkit as rk

ROWS, INPUTS, HIDDEN, CLASSES = 60, 4, 6, 3
STRENGTH = 0.01

ON_LAYERS = [case for case in CASES if issubclass(case.penalty_class, rk.Regularizer)]
ON_OUTPUTS = [case for case in CASES if issubclass(case.penalty_class, rk.ActivityRegularizer)]
ON_MODELS = [case for case in CASES if issubclass(case.penalty_class, rk.ModelRegularizer)]


def data():
    rng = np.random.default_rng(0)
    return rng.standard_normal((ROWS, INPUTS)), np.arange(ROWS) % CLASSES


def own_model(hidden=HIDDEN):
    """regkit's, in float64, with biases that are not 0."""
    layers = [rk.Dense(INPUTS, hidden, init="he"), rk.ReLU(), rk.Dense(hidden, CLASSES, init="he")]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=1, dtype="float64")
    for layer in model.parameter_layers:
        layer.params["biases"][...] = 0.1 + 0.05 * np.arange(layer.biases.size)
    return model


def own_optimizer(name, lr, epsilon=1e-7):
    """regkit's own, by the name that tests use."""
    if name in ("sgd", "momentum"):
        return rk.SGD(lr, momentum=0.9 if name == "momentum" else 0.0)
    if name == "adam":
        return rk.Adam(lr, epsilon=epsilon)
    if name == "rmsprop":
        return rk.RMSProp(lr, rho=0.9, epsilon=epsilon)
    return rk.AdaGrad(lr, epsilon=epsilon)


def settings(cases, optimizers=("sgd", "adam")):
    """Each case in each of its modes under each optimizer that serves it."""
    found = []
    for case in cases:
        cls = case.penalty_class
        modes = ["constraint"] if cls.constraint else ["loss", "decoupled"]
        if not cls.constraint and getattr(cls, "prox", None) is not None:
            modes.append("prox")
        for mode in modes if ON_OUTPUTS is not cases else ["loss"]:
            for optimizer in optimizers:
                single = not getattr(cls, "array_step", False)
                if (mode, optimizer) != ("prox", "adam") or not single:
                    found.append(
                        pytest.param(case, mode, optimizer, id=f"{case}-{mode}-{optimizer}")
                    )
    return found


def configured(case, folder, mode, on):
    """The penalty of a case in a mode; its files hold arrays of the first layer's shape."""
    penalty = case.penalty(folder, (INPUTS, HIDDEN))
    if mode == "constraint":
        return dataclasses.replace(penalty, on=on)
    return dataclasses.replace(penalty, on=on, strength=STRENGTH, mode=mode)


def of_one_shape(case, folder):
    """Whether the penalty of a case is one of arrays of the first layer's shape alone."""
    return hasattr(case.penalty(folder, (INPUTS, HIDDEN)), "only_shape")
