"""Detecting that a run has diverged, and which term diverged first."""

from __future__ import annotations

import math

import numpy as np

from regkit.array_types import Array
from regkit.errors import DivergenceError
from regkit.hooks import RunHooks
from regkit.hooks.hook_call import LARGEST_SANE, are_sane
from regkit.hooks.modes import CONSTRAINT, DECOUPLED
from regkit.kernels.chunks import all_finite, total
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.training.record import Record

DATA_LOSS = "data loss"


def require_finite_loss(
    record: Record, model: Model, hooks: RunHooks, optimizer: Optimizer
) -> None:
    """Check a record: a loss that is a square overflows before its gradient does.

    Raises:
        PluginError: a constraint does not hold, though the parameters were projected.
        DivergenceError: the run has diverged.
    """
    if not math.isfinite(record.loss):
        for plugin in hooks.in_mode(CONSTRAINT):
            if record.penalties[plugin.label] and are_sane(hooks.layers):
                raise plugin.fault("its own projection does not satisfy it: its penalty is inf")
        raise divergence(model, hooks, optimizer, record.epoch)


def require_finite_parameters(
    model: Model, hooks: RunHooks, optimizer: Optimizer, epochs: int
) -> None:
    """Check the parameters after the last update.

    Raises:
        RegularizerError: a regularizer is at fault, as for the gradients.
        DivergenceError: the training is, likewise.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        finite = all_finite(model.parameters)
    if not finite:
        raise divergence(model, hooks, optimizer, max(epochs - 1, 0))


def divergence(model: Model, hooks: RunHooks, optimizer: Optimizer, epoch: int) -> DivergenceError:
    """The error that names the first regularizer whose own steps overshoot, or the data loss.

    A penalty makes a run diverge if gradient descent on it alone diverges: if one step moves
    excessively large parameters by more than twice their size.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        for plugin, layer, gradient in hooks.gradients_one_by_one(within_reason=True):
            for name, array in gradient.items():
                w = layer.params[name]
                if np.max(np.abs(w)) <= LARGEST_SANE:
                    continue
                move = optimizer.current_lr * _norm(array)
                # An adaptive optimizer sets the size of steps, except that of decoupled penalties.
                by_lr = not optimizer.adaptive or plugin.mode is DECOUPLED
                overshoots = by_lr and move > 2 * _norm(w)
                if not math.isfinite(move) or overshoots:
                    return _named(plugin.label, epoch, "lower its strength or the learning rate")
    advice = (
        "lower the learning rate, or scale the inputs, and a regression's target, to mean 0 and "
        "variance 1"
    )
    return _named(DATA_LOSS, epoch, advice)


def _named(term: str, epoch: int, advice: str) -> DivergenceError:
    return DivergenceError(
        f"training diverged at epoch {epoch}: {term} was the first to leave the finite numbers; "
        f"{advice}",
        epoch=epoch,
        term=term,
    )


def _norm(array: Array) -> float:
    return math.sqrt(total(array, power=2))
