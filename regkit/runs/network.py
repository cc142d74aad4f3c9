"""The network described by settings."""

from __future__ import annotations

from itertools import pairwise

from regkit.data import Preparation
from regkit.nn.layers import Dense, Layer, ReLU
from regkit.nn.losses import Loss, MeanSquaredError, SoftmaxCrossEntropy
from regkit.nn.model import Model
from regkit.runs.config import Config

LOSSES: dict[str, type[Loss]] = {
    "classification": SoftmaxCrossEntropy,
    "regression": MeanSquaredError,
}
"""The loss of each task."""


def network(config: Config, preparation: Preparation) -> Model:
    """A new network of dense layers with ReLU in between.

    Raises:
        InputError: a size cannot be used.
    """
    sizes = [len(preparation.features), *config.hidden, preparation.n_outputs]
    layers: list[Layer] = []
    for n_inputs, n_neurons in pairwise(sizes):
        layers += [Dense(n_inputs, n_neurons, init=config.init), ReLU()]
    loss = LOSSES[preparation.task]()
    return Model(layers[:-1], loss, seed=config.seed, dtype=config.dtype)
