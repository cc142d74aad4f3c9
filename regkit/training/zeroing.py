"""Exact zeros with a guarantee: small weights become 0 where the objective does not increase."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.hooks import RunHooks
from regkit.hooks.given import as_regularizers
from regkit.nn.model import Model
from regkit.training.penalized_loss import PenalizedLoss
from regkit.training.penalties import penalties_on, run_hooks
from regkit.training.sample_weights import mean_one

TRIED_ALONE = 1000
"""Up to this many parameters are tried one by one, each with a forward pass over all rows."""


@dataclass(frozen=True)
class Zeroed:
    """The result of `zero_small`.

    Attributes:
        candidates: parameters under a sparsifying regularizer.
        zeros_before: how many of them were exactly 0.
        zeros_after: how many are now.
        objective_before: data loss plus penalties in float64 over all rows.
        objective_after: the same afterwards; never higher.
    """

    candidates: int
    zeros_before: int
    zeros_after: int
    objective_before: float
    objective_after: float


def zero_small(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    *,
    regularizers: Iterable[object],
    sample_weight: ArrayLike | None = None,
    epoch: int | None = None,
) -> Zeroed:
    """Set small parameters to exactly 0 where the training objective does not increase.

    A subgradient step hardly ever lands on 0, so training with L1 leaves small weights instead of
    zeros. The parameters under regularizers that declare `sparsifying` are tried at 0, smallest
    first, and stay there only if the objective (data loss plus penalties, in float64, over all
    rows) does not increase. Up to `TRIED_ALONE` of them are tried one by one; if there are more,
    neighbours in that order are tried together while that succeeds.

    Args:
        model: changed in place.
        X: the training inputs, (samples, n_inputs).
        y: the training targets.
        regularizers: those that the model was trained with.
        sample_weight: likewise.
        epoch: the epoch by which schedules go; without one their factor is 1.

    Raises:
        InputError: no regularizer that declares `sparsifying` selects anything, or the objective is
            not finite, as where a constraint does not hold.
    """
    given = as_regularizers(regularizers)
    # The model's dtype decides which values the parameters can have; float64 only measures them.
    exact = model.astype(np.float64)
    measure = _Measure(exact, X, y, sample_weight, run_hooks(exact, given, epoch=epoch))
    candidates = require_candidates(exact, measure.hooks)
    zeros_before = int(np.count_nonzero(exact.parameters[candidates] == 0))
    before = best = measure.objective()
    if not math.isfinite(before):
        infinite = [
            label for label, value in measure.loss().penalties.items() if not math.isfinite(value)
        ]
        raise InputError(
            f"the objective is {before} before anything is zeroed, since "
            f"{' and '.join(infinite) or 'the data loss'} is: a constraint must hold before"
        )
    nonzero = candidates[exact.parameters[candidates] != 0]
    order = nonzero[np.argsort(np.abs(exact.parameters[nonzero]), kind="stable")]
    start, size, largest = 0, 1, max(1, len(order) // TRIED_ALONE)
    while start < len(order):
        tried = order[start : start + size]
        values = exact.parameters[tried]
        exact.parameters[tried] = 0
        objective = measure.objective()
        if objective <= best:
            best = objective
            start, size = start + len(tried), min(2 * size, largest)
        else:
            exact.parameters[tried] = values
            if size == 1:
                start += 1
            size = max(size // 2, 1)
    model.parameters[candidates[exact.parameters[candidates] == 0]] = 0
    zeros_after = int(np.count_nonzero(exact.parameters[candidates] == 0))
    return Zeroed(len(candidates), zeros_before, zeros_after, before, best)


class _Measure:
    """The objective of a model in its current state, for fixed data and regularizers."""

    def __init__(
        self,
        model: Model,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None,
        hooks: RunHooks,
    ) -> None:
        self.model = model
        self.hooks = hooks
        self.inputs = model.as_inputs(X)
        self.targets = model.as_targets(y, len(self.inputs))
        self.weights = mean_one(sample_weight, len(self.inputs), model.dtype)

    def objective(self) -> float:
        return self.loss().loss

    def loss(self) -> PenalizedLoss:
        found = self.model.evaluate_prepared(self.inputs, self.targets, self.weights)
        return PenalizedLoss(
            data_loss=found.data_loss,
            score=found.score,
            layers=penalties_on(self.model, self.hooks, self.inputs),
        )


def require_candidates(model: Model, hooks: RunHooks) -> Array:
    """The flat indices of the parameters that a sparsifying regularizer selects, ascending.

    Raises:
        InputError: there is none.
    """
    chosen = np.zeros(model.parameters.size, dtype=np.bool_)
    for plugin in hooks.plugins:
        for layer in hooks.layers if plugin.sparsifying else ():
            for parameter in plugin.selected(layer) or ():
                chosen[model.span(layer.name, parameter)] = True
    if not chosen.any():
        raise InputError(
            "no regularizer here favours exact zeros: "
            "use a sparsifying one, such as l1 or elastic_net"
        )
    return np.flatnonzero(chosen)
