"""A real run: registration through pluggy, and ten steps of a small network."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array
from regkit.errors import DivergenceError, RegkitError
from regkit.hooks import LayerView
from regkit.hooks.modes import LAYER, MODEL, OUTPUTS
from regkit.nn.layers import Dense, ReLU
from regkit.nn.losses import SoftmaxCrossEntropy
from regkit.nn.model import Model
from regkit.nn.optimizers import SGD, Adam, Optimizer
from regkit.testing.law import law
from regkit.testing.laws.own_loop import train_plainly
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects.layer import LAYER_NAME
from regkit.testing.violation import Violation
from regkit.training import steps

STEPS = 10
LR = 0.05
STRENGTH = 1e-3
SHAPE = (3, 8)
SAME = 1e-9
"""The relative difference of two orders of adding, after some steps."""

DISTANCE = 1e-6
"""The relative error of a forward pass in float32, besides rounding of the report."""

CALL = """\
from regkit.testing.laws.training import network
X, y = np.random.default_rng({seed}).standard_normal((24, {rows})), np.arange(24) % 3
model = network({rows}, {columns}, "{dtype}")
optimizer = regkit.{optimizer}({lr})
regkit.train(model, X, y, optimizer=optimizer, regularizers=[regularizer], epochs={steps})"""

BESIDE = """
from regkit.testing.laws.own_loop import train_plainly
from regkit.testing.penalty_under_test import PenaltyUnderTest
other = network({rows}, {columns}, "{dtype}")
train_plainly(PenaltyUnderTest(regularizer), other, X, y, lr={lr}, steps={steps})
model.parameters, other.parameters"""
"""What follows where a plain loop arrives elsewhere."""


@law(
    "training",
    "Ten training steps run, report the penalty that the hook returns, and under SGD arrive where "
    "a plain loop does that asks the hooks itself.",
)
def training(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """In each mode that it has, under SGD and Adam, in both dtypes."""
    for optimizer in (SGD, Adam):
        for mode in _modes(penalty, optimizer):
            for dtype in ("float32", "float64"):
                yield _trains(_configured(penalty, mode), optimizer, dtype)


def _modes(penalty: PenaltyUnderTest, optimizer: type[Optimizer]) -> list[str]:
    """The modes that it has; under adaptive optimizers a prox must take arrays of steps."""
    if not penalty.is_regularizer:
        return [str(penalty.declared("mode") or "loss")]
    if penalty.is_constraint:
        return ["constraint"]
    has_prox = penalty.has_prox() and (optimizer is SGD or bool(penalty.declared("array_step")))
    return [mode for mode in penalty.regularizer.modes if mode != "prox" or has_prox]


def _configured(penalty: PenaltyUnderTest, mode: str) -> PenaltyUnderTest:
    if not penalty.is_regularizer:
        return penalty
    fields: dict[str, object] = {"mode": mode}
    if not penalty.is_constraint:
        fields["strength"] = min(STRENGTH, penalty.largest_step() / (2 * LR))
    bound = penalty.declared("only_shape") is not None
    if penalty.scope is LAYER and (bound or penalty.subject.fitted((2, 3)) != (2, 3)):
        # The second layer's shape is that of the classes.
        fields["on"] = tuple(f"{LAYER_NAME}.{name}" for name in penalty.subject.parameters)
    return penalty.replaced(**fields)


def _trains(penalty: PenaltyUnderTest, optimizer: type[Optimizer], dtype: str) -> bool:
    rows, columns = _shape(penalty)
    rng = np.random.default_rng(penalty.seed)
    X, y = rng.standard_normal((24, rows)), np.arange(24) % 3
    model = network(rows, columns, dtype)
    if not _is_inside(penalty, model):
        return False
    numbers = {"rows": rows, "columns": columns, "lr": LR, "steps": STEPS, "dtype": dtype}
    call = _as_configured(penalty) + CALL.format(
        seed=penalty.seed, optimizer=optimizer.__name__, **numbers
    )
    try:
        history = list(
            steps(
                model,
                X,
                y,
                optimizer=optimizer(LR),
                regularizers=[penalty.regularizer],
                epochs=STEPS,
            )
        )
    except DivergenceError:
        return False  # At any rate of learning some penalty is too strong.
    except RegkitError as error:
        raise Violation(str(error), {}, call) from error
    reported, start = history[0].penalty, _penalty(penalty, network(rows, columns, dtype), X)
    if not math.isclose(reported, start, rel_tol=DISTANCE if dtype == "float32" else 1e-9):
        raise Violation(f"the run reports {reported!r}, but the hook returns {start!r}", {}, call)
    if optimizer is SGD and dtype == "float64" and penalty.scope is not OUTPUTS:
        beside = call + BESIDE.format(**numbers)
        _require_same(penalty, model, network(rows, columns, dtype), X, y, beside)
    if penalty.is_constraint and _of_parameters(penalty, model) != 0:
        raise Violation("the constraint does not hold after the last step", {}, call)
    # Biases start at 0, where most penalties are 0.
    return any(record.penalty for record in history) or penalty.is_constraint


def _require_same(
    penalty: PenaltyUnderTest, model: Model, other: Model, X: Array, y: Array, call: str
) -> None:
    """The run arrives where a plain loop does that asks the hooks itself."""
    train_plainly(penalty, other, X, y, lr=LR, steps=STEPS)
    off = float(np.max(np.abs(model.parameters - other.parameters)))
    allowed = SAME * float(np.max(np.abs(other.parameters)))
    if not off <= allowed:
        raise Violation(
            f"after {STEPS} steps the parameters are not those of a loop that adds what the hooks "
            "answer",
            {},
            call,
            off=off,
            allowed=allowed,
        )


def network(rows: int, columns: int, dtype: str) -> Model:
    """The network, which always starts from the same weights."""
    layers = [Dense(rows, columns), ReLU(), Dense(columns, 3)]
    return Model(layers, SoftmaxCrossEntropy(), dtype=dtype)


def _is_inside(penalty: PenaltyUnderTest, model: Model) -> bool:
    """Whether a penalty of parameters is finite at the model's; a run refuses it otherwise."""
    if penalty.scope is OUTPUTS or not callable(penalty.declared("domain")):
        return True
    layers = [LayerView(layer.name, layer.params) for layer in model.parameter_layers]
    if penalty.scope is MODEL:
        return bool(penalty.regularizer.domain(penalty.regularizer.selected_of(layers)))
    chosen = [penalty.regularizer.selected(layer) for layer in layers]
    return all(penalty.regularizer.domain(w) for arrays in chosen for w in arrays.values())


def _shape(penalty: PenaltyUnderTest) -> tuple[int, ...]:
    """The shape of the first layer's weights, of which the penalty may know one only."""
    if penalty.scope is LAYER and "weights" in penalty.subject.parameters:
        return penalty.subject.fitted(SHAPE)
    if penalty.subject.only is not None and penalty.scope is LAYER:
        return (SHAPE[0], penalty.subject.only[-1])
    return SHAPE


def _penalty(penalty: PenaltyUnderTest, model: Model, X: Array) -> float:
    """What the hook returns for the first record; a constraint holds from the start."""
    plugin, layers = penalty.regularizer, model.parameter_layers
    if penalty.is_constraint:
        return 0.0
    if penalty.scope is not OUTPUTS:
        return _of_parameters(penalty, model)
    weights, biases = (layers[0].params[name] for name in ("weights", "biases"))
    outputs = np.maximum(X.astype(weights.dtype) @ weights + biases, 0)
    return float(plugin.penalty_outputs(model.layers[1], outputs) or 0)


def _of_parameters(penalty: PenaltyUnderTest, model: Model) -> float:
    """What the hook returns for a model's parameters."""
    plugin, layers = penalty.regularizer, model.parameter_layers
    if penalty.scope is MODEL:
        return float(plugin.penalty_model(layers) or 0)
    return math.fsum(plugin.penalty(layer) or 0 for layer in layers)


def _as_configured(penalty: PenaltyUnderTest) -> str:
    if not penalty.is_regularizer:
        return ""
    names = ("mode", "on") if penalty.is_constraint else ("strength", "mode", "on")
    fields = ", ".join(f"{name}={getattr(penalty.regularizer, name)!r}" for name in names)
    return f"import dataclasses\nregularizer = dataclasses.replace(regularizer, {fields})\n"
