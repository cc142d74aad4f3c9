"""The training objective: data loss plus penalties of a model in its current state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from regkit.hooks.given import as_regularizers
from regkit.nn.model import Model
from regkit.training.penalized_loss import PenalizedLoss
from regkit.training.penalties import penalties_on, run_hooks
from regkit.training.sample_weights import mean_one


@dataclass(frozen=True, kw_only=True)
class Objective(PenalizedLoss):
    """The data loss and score of a model on some data, and its penalties by label and layer."""


def objective(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    *,
    regularizers: Iterable[object] = (),
    sample_weight: ArrayLike | None = None,
    epoch: int | None = None,
) -> Objective:
    """Evaluate the objective that `train` minimizes; the model is unchanged.

    Args:
        model: in its current state.
        X: (samples, n_inputs).
        y: (samples,) or (samples, 1).
        regularizers: as for `train`.
        sample_weight: likewise.
        epoch: the epoch by which schedules go; without one their factor is 1.

    Raises:
        InputError: an argument cannot be used.
        PluginError: a regularizer cannot be used.
        RegularizerError: a hook failed.
    """
    inputs = model.as_inputs(X)
    targets = model.as_targets(y, len(inputs))
    weights = mean_one(sample_weight, len(inputs), model.dtype)
    evaluation = model.evaluate_prepared(inputs, targets, weights)
    hooks = run_hooks(model, as_regularizers(regularizers), epoch=epoch)
    return Objective(
        data_loss=evaluation.data_loss,
        score=evaluation.score,
        layers=penalties_on(model, hooks, inputs),
    )
