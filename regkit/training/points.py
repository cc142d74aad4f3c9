"""Proximal points and projections: what they set the parameters to after an update."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array, ModelArrays, read_only
from regkit.hooks import RunHooks
from regkit.hooks.modes import CONSTRAINT, PROX
from regkit.kernels.entry_steps import EntrySteps
from regkit.kernels.kernels import Kernels
from regkit.kernels.root_steps import RootSteps
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer


class Points:
    """The proximal points and projections of one run.

    Under SGD the proximal step is the learning rate. Under an adaptive optimizer every entry has
    its own, the learning rate over what the optimizer divides by, so that the point is that of the
    optimizer's own metric; a single step there would nearly cancel the penalty.

    Kernels write their points straight into the parameters, unless a hook could see them there that
    is called for another parameter of the same update.
    """

    def __init__(
        self, model: Model, hooks: RunHooks, optimizer: Optimizer, kernels: Kernels
    ) -> None:
        self._model = model
        self._hooks = hooks
        self._optimizer = optimizer
        self._kernels = kernels
        self._has_proximal = bool(hooks.in_mode(PROX))
        self._is_told = type(optimizer).displaced is not Optimizer.displaced
        acting = hooks.in_mode(PROX, CONSTRAINT)
        in_place = not self._is_told and all(one.sets_one_by_one for one in acting)
        self._memory = model.parameters if in_place else np.empty_like(model.parameters)
        self._places = self._by_parameter(self._memory)

    def project(self) -> None:
        """Project the parameters, as before the first step."""
        for layer, parameter, point in self._hooks.projections():
            self._model.parameters[self._model.span(layer, parameter)] = point.reshape(-1)

    def take(self) -> None:
        """Set the parameters to their proximal points and projections after an update."""
        parameters = self._model.parameters
        for layer, parameter, point in self._found():
            if point is self._places[layer][parameter] and self._memory is parameters:
                continue
            span = self._model.span(layer, parameter)
            if self._is_told:
                displacement = point.reshape(-1) - parameters[span]
            parameters[span] = point.reshape(-1)
            if self._is_told:
                self._optimizer.displaced(span, displacement)

    def _found(self) -> list[tuple[str, str, Array]]:
        if not self._has_proximal or not self._optimizer.used_lr:
            return self._hooks.projections()
        uncomputed = self._optimizer.uncomputed_steps()
        if uncomputed is not None:
            return self._hooks.points(self._to_be_computed(uncomputed))
        step = self._optimizer.proximal_step()
        return self._hooks.points(
            step if isinstance(step, float) else self._by_parameter(read_only(step))
        )

    def _to_be_computed(self, steps: RootSteps) -> ModelArrays:
        return {
            layer: EntrySteps(
                {
                    name: steps.of(steps.cache[self._model.span(layer, name)].reshape(place.shape))
                    for name, place in places.items()
                },
                places,
                self._kernels,
            )
            for layer, places in self._places.items()
        }

    def _by_parameter(self, flat: Array) -> ModelArrays:
        return {
            layer.name: {
                name: flat[self._model.span(layer.name, name)].reshape(array.shape)
                for name, array in layer.params.items()
            }
            for layer in self._hooks.layers
        }
