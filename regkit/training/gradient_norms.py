"""How strongly the data and each penalty pull on the parameters, side by side."""

from __future__ import annotations

import math

from regkit.array_types import Array
from regkit.hooks import RunHooks
from regkit.kernels.chunks import total
from regkit.nn.model import Model

DATA = "data"


class GradientNorms:
    """The Euclidean norms of the data loss's gradient and of each penalty's, over all parameters.

    Whose gradient is whose cannot be seen in the running sums, so the penalties are asked for
    theirs once more, apart from the sums; only a record that is to show them costs that.
    """

    def __init__(self, model: Model, hooks: RunHooks) -> None:
        self._model = model
        self._hooks = hooks
        self._data = 0.0

    def look_before_penalties(self) -> None:
        """Measure the data loss's gradient while it is alone."""
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
