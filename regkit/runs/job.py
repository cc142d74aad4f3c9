"""From settings to the data, model, optimizer and regularizers of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from regkit.arguments import integer, number
from regkit.data import Preparation
from regkit.errors import InputError
from regkit.nn.layers import Dense, Layer, ReLU
from regkit.nn.losses import MeanSquaredError, SoftmaxCrossEntropy
from regkit.nn.model import Evaluation, Model
from regkit.nn.optimizers import SGD, AdaGrad, Adam, Optimizer, RMSProp
from regkit.plugins import regularizer
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import Config
from regkit.runs.data import RunData, run_data
from regkit.training import Objective, Training, objective

Array = NDArray[Any]

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
    data: RunData

    @property
    def preparation(self) -> Preparation:
        """What turns tables into the model's inputs and targets."""
        return self.data.preparation

    @property
    def training(self) -> tuple[Array, Array]:
        """X and y to train on."""
        return self.data.training

    @property
    def data_file(self) -> Path | None:
        """The file that the data came from, if any."""
        return self.data.file

    def set_up(self, *, gradient_norms: bool = False) -> Training:
        """The training, at its start; its records hold what is asked for."""
        return Training(
            self.model,
            *self.data.training,
            optimizer=self.optimizer,
            regularizers=self.regularizers,
            epochs=self.config.epochs,
            batch_size=self.config.batch_size,
            validation=self.data.validation,
            log_every=self.config.log_every,
            seed=self.config.seed,
            gradient_norms=gradient_norms,
            threads="auto" if self.config.threads is None else self.config.threads,
            kernels=self.config.kernels,
        )

    def objective(self) -> Objective:
        """What training minimizes, on the training data as the model stands."""
        return objective(self.model, *self.data.training, regularizers=self.regularizers)

    def held_out(self) -> dict[str, Evaluation]:
        """How the model does on the validation and on the test data, where there are any."""
        return {part: self.model.evaluate(*pair) for part, pair in self.data.held_out.items()}


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
    _check_stopping(config)
    data = run_data(config)
    preparation = data.preparation
    sizes = [len(preparation.features), *config.hidden, preparation.n_outputs]
    model = Model(
        _network(sizes, config),
        SoftmaxCrossEntropy() if preparation.task == "classification" else MeanSquaredError(),
        seed=config.seed,
        dtype=config.dtype,
    )
    return Job(config, model, optimizer, regularizers, data)


def _specs(config: Config) -> tuple[str, ...]:
    if RESERVED not in config.reg:
        return config.reg
    if len(config.reg) > 1:
        raise InputError(f"--reg {RESERVED} stands alone: it means no regularizer at all")
    return ()


def _check_stopping(config: Config) -> None:
    number("min_delta", config.min_delta, least=0)
    if config.patience is not None:
        integer("patience", config.patience, least=1)


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
