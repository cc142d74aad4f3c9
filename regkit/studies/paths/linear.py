"""A linear model before it is trained: the best constant, alone and beside zeros."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from regkit.array_types import Array
from regkit.nn.losses import MeanSquaredError
from regkit.runs.config import Config
from regkit.runs.job import Job
from regkit.runs.stationarity import TOLERANCE, Stationarity
from regkit.studies.paths.fixed_support import FixedSupport
from regkit.studies.paths.point import train_point
from regkit.studies.paths.selected import selected_arrays
from regkit.training.sample_weights import mean_one


def is_linear(config: Config) -> bool:
    """Whether the network has no hidden layer."""
    return not config.hidden


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
