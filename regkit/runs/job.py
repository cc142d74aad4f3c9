"""From settings to the data, model, optimizer and regularizers of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from regkit import datasets
from regkit.errors import InputError
from regkit.nn.layers import Dense, Layer, ReLU
from regkit.nn.losses import MeanSquaredError, SoftmaxCrossEntropy
from regkit.nn.model import Evaluation, Model
from regkit.nn.optimizers import SGD, AdaGrad, Adam, Optimizer, RMSProp
from regkit.plugins import regularizer
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import Config
from regkit.training import Record, steps
from regkit.training.objective import Objective, objective

Array = NDArray[Any]

VALIDATION_SAMPLES = 100
"""Rows (of each class) in the fresh draw that a synthetic run is validated on."""

_ADAPTIVE: dict[str, Callable[..., Optimizer]] = {
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
}


@dataclass(frozen=True)
class Job:
    """Everything that a run needs, checked and built; nothing has been trained yet."""

    config: Config
    model: Model
    optimizer: Optimizer
    regularizers: Sequence[Any]
    training: tuple[Array, Array]
    validation: tuple[Array, Array]

    def steps(self) -> Iterator[Record]:
        """Train, yielding the records that are due."""
        return steps(
            self.model,
            *self.training,
            optimizer=self.optimizer,
            regularizers=self.regularizers,
            epochs=self.config.epochs,
            batch_size=self.config.batch_size,
            log_every=self.config.log_every,
            seed=self.config.seed,
        )

    def objective(self) -> Objective:
        """What training minimizes, on the training data as the model stands."""
        return objective(self.model, *self.training, regularizers=self.regularizers)

    def validate(self) -> Evaluation:
        """How the model does on the validation data."""
        return self.model.evaluate(*self.validation)


def job(config: Config, classes: Sequence[type] = ()) -> Job:
    """Build a run.

    Args:
        config: the settings.
        classes: regularizer classes that are not installed.

    Raises:
        RegkitError: a setting cannot be used.
    """
    regularizers = [regularizer(spec, classes) for spec in _specs(config)]
    optimizer = _optimizer(config)
    training, validation = _synthetic(config)
    regression = config.data == "sine"
    sizes = [training[0].shape[1], *config.hidden, 1 if regression else config.classes]
    model = Model(
        _network(sizes, config),
        MeanSquaredError() if regression else SoftmaxCrossEntropy(),
        seed=config.seed,
        dtype=config.dtype,
    )
    return Job(config, model, optimizer, regularizers, training, validation)


def _specs(config: Config) -> tuple[str, ...]:
    if RESERVED not in config.reg:
        return config.reg
    if len(config.reg) > 1:
        raise InputError(f"--reg {RESERVED} stands alone: it means no regularizer at all")
    return ()


def _optimizer(config: Config) -> Optimizer:
    if config.optimizer == "sgd":
        return SGD(config.lr, decay=config.decay, momentum=config.momentum)
    if config.momentum:
        raise InputError(f"--momentum goes with --optimizer sgd, not with {config.optimizer}")
    return _ADAPTIVE[config.optimizer](config.lr, decay=config.decay)


def _network(sizes: Sequence[int], config: Config) -> list[Layer]:
    layers: list[Layer] = []
    for n_inputs, n_neurons in pairwise(sizes):
        layers += [Dense(n_inputs, n_neurons, init=config.init), ReLU()]
    return layers[:-1]


def _synthetic(config: Config) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    if config.data == "sine":
        return datasets.sine(config.samples), datasets.sine(VALIDATION_SAMPLES)
    if config.classes < 2:
        raise InputError(f"--classes must be at least 2, got {config.classes}")
    draw = {"spiral": datasets.spiral, "vertical": datasets.vertical}[config.data]
    return (
        draw(config.samples, config.classes, config.seed),
        draw(VALIDATION_SAMPLES, config.classes, config.seed + 1),
    )
