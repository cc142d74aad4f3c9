"""What is known of a linear model before it is trained: curvature, and the best constant."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from regkit.array_types import Array
from regkit.nn.losses import MeanSquaredError
from regkit.runs.config import Config
from regkit.runs.job import Job
from regkit.studies.fixed_support import FixedSupport
from regkit.studies.point import train_point
from regkit.studies.selected import selected_arrays
from regkit.studies.stationarity import TOLERANCE, Stationarity
from regkit.training.sample_weights import mean_one

MOST_MOMENTUM = 0.99

WITHOUT_BOUND = 0.95
"""The momentum where the curvature has no lower bound, as that of cross-entropy."""


def is_linear(config: Config) -> bool:
    """Whether the network has no hidden layer."""
    return not config.hidden


def chose_no_optimizer(config: Config) -> bool:
    """Whether optimizer, learning rate and momentum are the defaults."""
    names = ("optimizer", "lr", "momentum", "decay", "lr_schedule", "batch_size")
    return all(getattr(config, name) == getattr(Config, name) for name in names)


def with_suitable_optimizer(config: Config, made: Job) -> Config:
    """SGD with lr = 1/L and the momentum (1 − √(μ/L))², at most 0.99.

    That is the heavy-ball method; L and μ are the largest and the least curvature of the data loss.

    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4 (1964).
    """
    largest, least = curvature(made)
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


def set_to_zero(made: Job, selected: Collection[tuple[str, str]]) -> None:
    """Set the selected parameters to 0, and the others to their optimum beside them.

    Where the weights are selected, unselected biases are the best constant: the mean target, or the
    logarithm of each class's share. What that leaves to minimize, as where only the biases are
    selected or where another penalty acts on the rest, is minimized by training.
    """
    layer = made.model.parameter_layers[0]
    made.model.parameters[...] = 0
    scale = float(np.abs(Stationarity(made).gradient()).max())
    if (layer.name, "biases") not in selected:
        layer.params["biases"][...] = _best_constant(made)
    held = {
        layer.name: {
            name: np.full(array.shape, (layer.name, name) not in selected)
            for name, array in layer.params.items()
        }
    }
    # A penalty of the selected parameters alone says nothing of the others.
    others = [
        one
        for one in made.regularizers
        if not (arrays := selected_arrays(made.model, one)) or not set(arrays) <= set(selected)
    ]
    train_point(
        replace(made, regularizers=[*others, FixedSupport(held)]),
        tolerance=TOLERANCE[made.config.dtype] * scale,
        patience=0,
        min_delta=0.0,
    )


def constant_loss(made: Job) -> float:
    """The data loss of the best constant prediction, whatever the network."""
    targets = made.model.as_targets(made.data.training[1], len(made.data.training[0]))
    weights = mean_one(made.data.sample_weight, len(targets), np.dtype(np.float64))
    if isinstance(made.model.loss, MeanSquaredError):
        flat = np.asarray(targets, dtype=np.float64).reshape(len(targets), -1)
        squares = (flat - np.average(flat, axis=0, weights=weights)) ** 2
        return float(np.average(squares.mean(axis=1), weights=weights))
    shares = _shares(targets, made.model.n_outputs, weights)
    return float(-sum(share * math.log(share) for share in shares if share > 0))


def _best_constant(made: Job) -> Array:
    targets = made.model.as_targets(made.data.training[1], len(made.data.training[0]))
    weights = mean_one(made.data.sample_weight, len(targets), np.dtype(np.float64))
    if isinstance(made.model.loss, MeanSquaredError):
        flat = np.asarray(targets, dtype=np.float64).reshape(len(targets), -1)
        found: Array = np.average(flat, axis=0, weights=weights)
        return found
    shares = _shares(targets, made.model.n_outputs, weights)
    # A class without rows has no finite logarithm.
    logs: Array = np.log(np.maximum(shares, 1e-12))
    centred: Array = logs - logs.mean()
    return centred


def _shares(targets: Array, classes: int, weights: Array | None) -> Array:
    counts = np.bincount(
        np.asarray(targets).reshape(-1).astype(np.intp), weights=weights, minlength=classes
    )
    found: Array = counts / counts.sum()
    return found
