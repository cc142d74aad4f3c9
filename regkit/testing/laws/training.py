"""A real run: registration through pluggy, and ten steps of a small network."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from regkit.errors import RegkitError
from regkit.nn.layers import Dense, ReLU
from regkit.nn.losses import SoftmaxCrossEntropy
from regkit.nn.model import Model
from regkit.nn.optimizers import SGD
from regkit.testing.law import law
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation
from regkit.training import steps

STEPS = 10
LR = 0.05
STRENGTH = 1e-3

CALL = """\
X, y = np.random.default_rng({seed}).standard_normal((24, 3)), np.arange(24) % 3
layers = [regkit.Dense(3, 8), regkit.ReLU(), regkit.Dense(8, 3)]
model = regkit.Model(layers, regkit.SoftmaxCrossEntropy(), dtype="{dtype}")
regkit.train(model, X, y, optimizer=regkit.SGD({lr}), regularizers=[regularizer], epochs={steps})"""


@law("training", "Ten training steps run, and report the penalty that the hook returns.")
def training(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """With the gradient in the loss and, where there is a prox, in mode `prox`, in both dtypes."""
    for mode in ("loss", "prox") if penalty.has_prox() and penalty.is_regularizer else ("loss",):
        for dtype in ("float32", "float64"):
            yield _trains(PenaltyUnderTest(_configured(penalty, mode), penalty.seed), dtype)


def _configured(penalty: PenaltyUnderTest, mode: str) -> Any:
    if not penalty.is_regularizer:
        return penalty.regularizer
    strength = min(STRENGTH, penalty.largest_step() / (2 * LR))
    return dataclasses.replace(penalty.regularizer, strength=strength, mode=mode)


def _trains(penalty: PenaltyUnderTest, dtype: str) -> bool:
    rng = np.random.default_rng(penalty.seed)
    X, y = rng.standard_normal((24, 3)), np.arange(24) % 3
    model = Model([Dense(3, 8), ReLU(), Dense(8, 3)], SoftmaxCrossEntropy(), dtype=dtype)
    start = math.fsum(penalty.regularizer.penalty(layer) or 0 for layer in model.parameter_layers)
    call = _as_configured(penalty) + CALL.format(dtype=dtype, seed=penalty.seed, lr=LR, steps=STEPS)
    try:
        history = list(
            steps(model, X, y, optimizer=SGD(LR), regularizers=[penalty.regularizer], epochs=STEPS)
        )
    except RegkitError as error:
        raise Violation(str(error), {}, call) from error
    reported = history[0].penalty
    if not math.isclose(reported, start, rel_tol=1e-9):
        raise Violation(f"the run reports {reported!r}, but the hook returns {start!r}", {}, call)
    return reported != 0


def _as_configured(penalty: PenaltyUnderTest) -> str:
    if not penalty.is_regularizer:
        return ""
    strength, mode = penalty.regularizer.strength, penalty.regularizer.mode
    return (
        "import dataclasses\n"
        f"regularizer = dataclasses.replace(regularizer, strength={strength!r}, mode={mode!r})\n"
    )
