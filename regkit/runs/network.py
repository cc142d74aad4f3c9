"""The network described by settings."""

from __future__ import annotations

from itertools import pairwise

from regkit.arguments import number
from regkit.data import Preparation
from regkit.errors import InputError
from regkit.nn.layers import Dense, Dropout, Layer, ReLU, Sigmoid, Tanh
from regkit.nn.losses import Loss, MeanSquaredError, SoftmaxCrossEntropy
from regkit.nn.model import Model
from regkit.runs.config import ActivationName, Config
from regkit.runs.job_memory import require_memory_for

LOSSES: dict[str, type[Loss]] = {
    "classification": SoftmaxCrossEntropy,
    "regression": MeanSquaredError,
}
"""The loss of each task."""

ACTIVATIONS: dict[ActivationName, type[ReLU | Sigmoid | Tanh]] = {
    "relu": ReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
}


def network(config: Config, preparation: Preparation) -> Model:
    """A new network of dense layers; each hidden one has an activation and, if asked for, dropout.

    Raises:
        InputError: a size or the dropout rate cannot be used, or the memory is too small.
    """
    require_memory_for(config, n_inputs=len(preparation.features), n_outputs=preparation.n_outputs)
    rate = number("dropout", config.dropout, least=0, below=1)
    if rate and not config.hidden:
        raise InputError(
            f"dropout {rate:g} has no hidden layer to act on: leave it out, or add --hidden 64"
        )
    sizes = [len(preparation.features), *config.hidden, preparation.n_outputs]
    *hidden, output = (
        Dense(n_inputs, n_neurons, init=config.init) for n_inputs, n_neurons in pairwise(sizes)
    )
    layers: list[Layer] = []
    for dense in hidden:
        layers += [dense, ACTIVATIONS[config.activation]()]
        if rate:
            layers.append(Dropout(rate))
    loss = LOSSES[preparation.task]()
    return Model([*layers, output], loss, seed=config.seed, dtype=config.dtype)
