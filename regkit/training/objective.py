"""What training minimizes: data loss plus penalties, for a model as it stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from numpy.typing import ArrayLike

from regkit.nn.model import Evaluation, Model
from regkit.training.hooks import run_hooks


@dataclass(frozen=True)
class Objective:
    """The data loss and score of a model on some data, and its penalties by label and layer."""

    evaluation: Evaluation
    layers: Mapping[str, Mapping[str, float]]

    @property
    def penalty(self) -> float:
        """The sum of all penalties."""
        return math.fsum(math.fsum(by_layer.values()) for by_layer in self.layers.values())

    @property
    def loss(self) -> float:
        """Data loss plus penalty."""
        return self.evaluation.data_loss + self.penalty


def objective(
    model: Model, X: ArrayLike, y: ArrayLike, *, regularizers: Iterable[object] = ()
) -> Objective:
    """Evaluate what `train` with these regularizers minimizes; the model stays as it is.

    Args:
        model: as it stands.
        X: (samples, n_inputs).
        y: (samples,) or (samples, 1).
        regularizers: as for `train`.

    Raises:
        InputError: an argument cannot be used.
        PluginError: a regularizer cannot be used.
        RegularizerError: a hook failed.
    """
    return Objective(model.evaluate(X, y), run_hooks(model, regularizers).penalties())
