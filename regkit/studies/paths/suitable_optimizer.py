"""SGD with momentum for a linear model, by the curvature of its objective."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regkit.hooks.modes import DECOUPLED, LOSS
from regkit.nn.losses import MeanSquaredError
from regkit.nn.model import Model
from regkit.runs.config import Config
from regkit.runs.job import Job, job
from regkit.runs.prepared import RunData
from regkit.studies.paths.penalty_curvature import penalty_curvature
from regkit.training.sample_weights import mean_one

MOST_MOMENTUM = 0.99

WITHOUT_BOUND = 0.95
"""The momentum where the curvature has no lower bound, as that of cross-entropy."""


def chose_no_optimizer(config: Config) -> bool:
    """Whether optimizer, learning rate and momentum are the defaults."""
    names = ("optimizer", "lr", "momentum", "decay", "lr_schedule", "batch_size")
    return all(getattr(config, name) == getattr(Config, name) for name in names)


def with_suitable_optimizer(config: Config, made: Job) -> Config:
    """SGD with lr = 1/L and the momentum (1 − √(μ/L))², at most 0.99.

    That is the heavy-ball method. L and μ are the largest and the least curvature of the data loss,
    to which L adds that of the penalties in modes `loss` and `decoupled`.

    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4 (1964).
    """
    largest, least = curvature(made)
    largest += sum(
        penalty_curvature(made, one) for one in made.regularizers if _adds_to_gradient(one)
    )
    momentum = WITHOUT_BOUND
    if least is not None:
        momentum = min((1 - math.sqrt(least / largest)) ** 2, MOST_MOMENTUM)
    return replace(config, optimizer="sgd", lr=1 / largest, momentum=momentum, decay=0.0)


def curvature(made: Job) -> tuple[float, float | None]:
    """Bounds L and μ of the eigenvalues of the data loss's Hessian by [weights; biases].

    With Z = [X 1], without columns of zeros (constant ones, standardized), whose weights no
    gradient moves, and the eigenvalues of ZᵀZ/n: of a mean squared error over k outputs 2/k times
    them, exactly; of cross-entropy at most ½ of them (Böhning 1992), and no μ.
    """
    inputs = np.asarray(made.model.as_inputs(made.data.training[0]), dtype=np.float64)
    weights = mean_one(made.data.sample_weight, len(inputs), np.dtype(np.float64))
    weighed = inputs if weights is None else inputs * weights[:, np.newaxis]
    varying = inputs.any(axis=0)
    eigenvalues = np.linalg.eigvalsh(weighed[:, varying].T @ inputs[:, varying] / len(inputs))
    largest, least = float(eigenvalues[-1]), max(float(eigenvalues[0]), 0.0)
    if isinstance(made.model.loss, MeanSquaredError):
        outputs = made.model.n_outputs
        return 2 * largest / outputs, 2 * least / outputs
    return largest / 2, None


def job_by_curvature(
    config: Config,
    classes: Sequence[type],
    *,
    data: RunData | None = None,
    model: Model | None = None,
) -> Job:
    """A job with the optimizer that suits its model and those penalties that add to the gradient.

    Args:
        config: its settings; optimizer, learning rate and momentum are already those that suit the
            data loss alone, and stay where no penalty adds curvature.
        classes: regularizer classes that are not installed.
        data: what it is trained on; by default what the settings name.
        model: to go on with.

    Raises:
        RegkitError: a setting cannot be used.
    """
    made = job(config, classes, data=data, model=model)
    if not any(map(_adds_to_gradient, made.regularizers)):
        return made
    slower = with_suitable_optimizer(config, made)
    if slower.lr >= config.lr:
        return made
    return job(slower, classes, data=made.data, model=made.model)


def _adds_to_gradient(penalty: object) -> bool:
    return getattr(penalty, "mode", LOSS.name) in (LOSS.name, DECOUPLED.name)
