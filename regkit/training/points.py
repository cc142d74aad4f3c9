"""Proximal points and projections: what they set the parameters to after an update."""

from __future__ import annotations

from regkit.array_types import Array, ModelArrays, read_only
from regkit.hooks import RunHooks
from regkit.hooks.modes import PROX
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer


class Points:
    """The proximal points and projections of one run.

    Under SGD the proximal step is the learning rate. Under an adaptive optimizer every entry has
    its own, the learning rate over what the optimizer divides by, so that the point is that of the
    optimizer's own metric; a single step there would nearly cancel the penalty.
    """

    def __init__(self, model: Model, hooks: RunHooks, optimizer: Optimizer) -> None:
        self._model = model
        self._hooks = hooks
        self._optimizer = optimizer
        self._has_proximal = bool(hooks.in_mode(PROX))

    def project(self) -> None:
        """Project the parameters, as before the first step."""
        for layer, parameter, point in self._hooks.projections():
            self._model.parameters[self._model.span(layer, parameter)] = point.reshape(-1)

    def take(self) -> None:
        """Set the parameters to their proximal points and projections after an update."""
        parameters = self._model.parameters
        for layer, parameter, point in self._found():
            span = self._model.span(layer, parameter)
            displacement = point.reshape(-1) - parameters[span]
            parameters[span] = point.reshape(-1)
            self._optimizer.displaced(span, displacement)

    def _found(self) -> list[tuple[str, str, Array]]:
        if not self._has_proximal or not self._optimizer.used_lr:
            return self._hooks.projections()
        step = self._optimizer.proximal_step()
        return self._hooks.points(step if isinstance(step, float) else self._by_parameter(step))

    def _by_parameter(self, steps: Array) -> ModelArrays:
        return {
            layer.name: {
                name: read_only(steps[self._model.span(layer.name, name)].reshape(array.shape))
                for name, array in layer.params.items()
            }
            for layer in self._hooks.layers
        }
