"""The chapter's training loop, step by step: what a run must arrive at under plain SGD."""

from __future__ import annotations

from collections.abc import Mapping

from regkit.array_types import Array
from regkit.hooks import LayerView
from regkit.hooks.modes import MODEL
from regkit.nn.model import Model
from regkit.testing.penalty_under_test import PenaltyUnderTest


def train_plainly(
    penalty: PenaltyUnderTest, model: Model, X: Array, y: Array, *, lr: float, steps: int
) -> None:
    """Steps of w ← w − lr·(∇loss + ∇penalty), or what the penalty's mode puts in its place."""
    mode = str(penalty.declared("mode") or "loss")
    if mode == "constraint":
        _move(penalty, model, 1.0)
    for _ in range(steps):
        model.forward(X)
        model.backward(y)
        slopes = _answers(penalty, model, penalty.scope.gradient) if mode in GRADIENT else {}
        slopes = {name: {n: lr * g for n, g in one.items()} for name, one in slopes.items()}
        for layer in model.parameter_layers:
            for name, array in layer.params.items():
                array -= lr * layer.gradients[name]
                array -= slopes.get(layer.name, {}).get(name, 0.0)
        if mode not in GRADIENT:
            _move(penalty, model, lr)


GRADIENT = ("loss", "decoupled")
"""Modes whose penalty is a gradient; under plain SGD they are the same."""


def _move(penalty: PenaltyUnderTest, model: Model, step: float) -> None:
    points = _answers(penalty, model, str(penalty.scope.point), step)
    for layer in model.parameter_layers:
        for name, point in points.get(layer.name, {}).items():
            layer.params[name][...] = point


def _answers(
    penalty: PenaltyUnderTest, model: Model, hook: str, *step: float
) -> Mapping[str, Mapping[str, Array]]:
    """What the hook answers, by layer and parameter."""
    call = getattr(penalty.regularizer, hook)
    views = [LayerView(layer.name, layer.params) for layer in model.parameter_layers]
    if penalty.scope is MODEL:
        return call(views, *step) or {}
    return {view.name: call(view, *step) or {} for view in views}
