"""The training objective: data loss plus penalties of a model in its current state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from regkit.nn.model import Model
from regkit.training.penalized_loss import PenalizedLoss
from regkit.training.penalties import run_hooks


@dataclass(frozen=True, kw_only=True)
class Objective(PenalizedLoss):
    """The data loss and score of a model on some data, and its penalties by label and layer."""


def objective(
    model: Model, X: ArrayLike, y: ArrayLike, *, regularizers: Iterable[object] = ()
) -> Objective:
    """Evaluate the objective that `train` minimizes; the model is unchanged.

    Args:
        model: in its current state.
        X: (samples, n_inputs).
        y: (samples,) or (samples, 1).
        regularizers: as for `train`.

    Raises:
        InputError: an argument cannot be used.
        PluginError: a regularizer cannot be used.
        RegularizerError: a hook failed.
    """
    evaluation = model.evaluate(X, y)
    return Objective(
        data_loss=evaluation.data_loss,
        score=evaluation.score,
        layers=run_hooks(model, regularizers).penalties(),
    )
