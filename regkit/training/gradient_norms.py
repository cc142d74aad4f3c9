"""The norms of the gradients of the data loss and of each penalty."""

from __future__ import annotations

import math

from regkit.array_types import Array
from regkit.hooks import RunHooks
from regkit.hooks.modes import OUTPUTS
from regkit.hooks.run_plugin import RunPlugin
from regkit.kernels.chunks import total
from regkit.nn.model import Model
from regkit.nn.passes import Passes

DATA = "data"


class GradientNorms:
    """The Euclidean norms of the data loss's gradient and of each penalty's, over all parameters.

    The sums do not separate the gradients, so each penalty's is computed once more on its own; of
    a penalty of outputs, by a backward pass of its own. Only records that hold the norms have this
    cost.
    """

    def __init__(self, model: Model, hooks: RunHooks, passes: Passes) -> None:
        self._model = model
        self._hooks = hooks
        self._passes = passes
        self._data = 0.0
        self._of_outputs: dict[str, float] = {}

    def look_before_penalties(self) -> None:
        """Measure the gradients that the backward pass wrote, before those of parameters follow."""
        gradients = self._model.gradients
        backward = gradients.copy()
        data = backward.copy()
        for plugin in self._hooks.registry.asked(OUTPUTS.gradient):
            gradients[...] = 0

            def of_this_one(layer: str, outputs: Array, one: RunPlugin = plugin) -> list[Array]:
                found = self._hooks.output_gradient_of(one, layer, outputs)
                return [] if found is None else [found]

            self._passes.backward_from_outputs(of_this_one)
            self._of_outputs[plugin.label] = self._norm(gradients)
            data -= gradients
        gradients[...] = backward
        self._data = self._norm(data)

    def measured(self) -> dict[str, float]:
        """The norms: `data`, and each regularizer's by its label."""
        squares = {label: self._of_outputs.get(label, 0.0) ** 2 for label in self._hooks.labels}
        for plugin, _, gradient in self._hooks.gradients_one_by_one():
            squares[plugin.label] += math.fsum(map(_sum_of_squares, gradient.values()))
        norms = {label: math.sqrt(square) for label, square in squares.items()}
        return {DATA: self._data, **norms}

    def _norm(self, gradients: Array) -> float:
        spans = self._model.trainable_spans
        return math.sqrt(math.fsum(_sum_of_squares(gradients[span]) for span in spans))


def _sum_of_squares(array: Array) -> float:
    return total(array, power=2)
