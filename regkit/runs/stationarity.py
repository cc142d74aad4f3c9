"""How far a model is from a stationary point of its training objective."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeGuard

import numpy as np

from regkit.array_types import Array
from regkit.hooks import LayerView
from regkit.hooks.modes import CONSTRAINT, DECOUPLED, PROX
from regkit.nn.passes import Passes
from regkit.regularizers.regularizer import Regularizer
from regkit.runs.job import Job
from regkit.training.penalties import run_hooks
from regkit.training.sample_weights import mean_one

TOLERANCE = {"float64": 1e-10, "float32": 1e-5}
"""Of what counts as stationary by default, relative to the gradient at the start."""


class Stationarity:
    """Measures it for the model of a job, on all training rows and without dropout.

    With g, the gradient of the data loss and of the penalties in the modes `loss` and `decoupled`,
    the distance is the largest of

    - λ·d(w, g/λ), where a penalty in mode `prox` selects w and offers d, its
      `subgradient_distance`; λ is its strength there;
    - ‖w − P(w − s·g)‖∞/s, where another penalty in mode `prox` or a constraint selects w; P is its
      proximal point or projection for the step s, the optimizer's learning rate;
    - max|g| everywhere else.

    It is 0 at a stationary point, in the units of the gradient.

    Args:
        made: a job whose model it is to measure, time and again.
    """

    def __init__(self, made: Job) -> None:
        model = made.model
        self._model = model
        self._step = made.optimizer.lr
        self._inputs = model.as_inputs(made.data.training[0])
        self._targets = model.as_targets(made.data.training[1], len(self._inputs))
        self._weights = mean_one(made.data.sample_weight, len(self._inputs), model.dtype)
        self._hooks = run_hooks(model, made.regularizers)
        seen = self._hooks.output_gradients if self._hooks.sees_outputs else None
        self._passes = Passes(model.layers, model.loss, model.dtype, output_gradients=seen)
        proximal = [one.plugin for one in self._hooks.in_mode(PROX)]
        self._measured = [one for one in proximal if _measures(one)]
        nonsmooth = self._hooks.in_mode(PROX, CONSTRAINT)
        self._takes_points = len(nonsmooth) > len(self._measured)

    def gradient(self, epoch: int = 0) -> Array:
        """g, flat and in the order of `model.parameters`; of frozen parameters it means nothing."""
        self._hooks.begin_epoch(epoch)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._passes.measure(self._inputs, self._targets)
            self._passes.backward(self._targets, self._weights)
            self._hooks.add_gradients()
            if self._hooks.in_mode(DECOUPLED):
                self._hooks.add_gradients(DECOUPLED)
        found: Array = self._model.gradients.copy()
        return found

    def distance(self, epoch: int = 0) -> float:
        """The distance at the model's current parameters and an epoch's strengths.

        It is ∞ where a gradient is not finite.
        """
        return max(self.distances(epoch).values(), default=0.0)

    def distances(self, epoch: int = 0) -> dict[tuple[str, str], float]:
        """The distance of each parameter array by itself, by (layer, parameter)."""
        gradient = self.gradient(epoch)
        gradients = {
            (layer.name, name): gradient[self._model.span(layer.name, name)].reshape(w.shape)
            for layer in self._hooks.layers
            for name, w in layer.params.items()
        }
        if not all(np.isfinite(g).all() for g in gradients.values()):
            return dict.fromkeys(gradients, math.inf)
        found = {where: _largest(g) for where, g in gradients.items()}
        found |= {where: _largest(one) for where, one in self._residuals(gradient).items()}
        for penalty in self._measured:
            for layer in self._hooks.layers:
                for name in penalty.selected(layer):
                    g = gradients[layer.name, name]
                    found[layer.name, name] = _to_subgradients(penalty, layer, name, g)
        return found

    def _residuals(self, gradient: Array) -> Mapping[tuple[str, str], Array]:
        """(w − P(w − s·g))/s, by layer and parameter, of what has a proximal point."""
        if not self._takes_points:
            return {}
        parameters = self._model.parameters
        before = parameters.copy()
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # Gradients of what is frozen.
                parameters[...] = before - self._step * gradient
            points = self._hooks.points(self._step)
        finally:
            parameters[...] = before
        return {
            (layer, name): (before[self._model.span(layer, name)] - point.reshape(-1)) / self._step
            for layer, name, point in points
        }


def _measures(plugin: object) -> TypeGuard[Regularizer]:
    """Whether a plugin says how far −g is from its subgradients, array by array."""
    offered = getattr(plugin, "subgradient_distance", None)
    return isinstance(plugin, Regularizer) and callable(offered)


def _to_subgradients(penalty: Regularizer, layer: LayerView, name: str, g: Array) -> float:
    strength = penalty.strength_for(layer, name)
    if not strength:
        return _largest(g)
    with np.errstate(over="ignore", invalid="ignore"):
        distance = penalty.subgradient_distance(layer.params[name], g / strength)  # type: ignore[attr-defined]
    return strength * float(distance)


def _largest(array: Array) -> float:
    return float(np.abs(array).max(initial=0.0))
