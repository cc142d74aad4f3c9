"""The norms of the gradients of the data loss and of each penalty."""

from __future__ import annotations

import math

from regkit.array_types import Array
from regkit.hooks import RunHooks
from regkit.kernels.chunks import total
from regkit.nn.model import Model

DATA = "data"


class GradientNorms:
    """The Euclidean norms of the data loss's gradient and of each penalty's, over all parameters.

    The accumulators do not separate the gradients, so each penalty's is computed once more on its
    own. Only records that hold the norms have this cost.
    """

    def __init__(self, model: Model, hooks: RunHooks) -> None:
        self._model = model
        self._hooks = hooks
        self._data = 0.0

    def look_before_penalties(self) -> None:
        """Measure the data loss's gradient before the penalties' are added."""
        squares = [
            _sum_of_squares(self._model.gradients[span]) for span in self._model.trainable_spans
        ]
        self._data = math.sqrt(math.fsum(squares))

    def measured(self) -> dict[str, float]:
        """The norms: `data`, and each regularizer's by its label."""
        squares = dict.fromkeys(self._hooks.labels, 0.0)
        for plugin, _, gradient in self._hooks.gradients_one_by_one():
            squares[plugin.label] += math.fsum(map(_sum_of_squares, gradient.values()))
        norms = {label: math.sqrt(square) for label, square in squares.items()}
        return {DATA: self._data, **norms}


def _sum_of_squares(array: Array) -> float:
    return total(array, power=2)
