"""The plan of a training: one checked object for everything but the model and its data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.errors import InputError
from regkit.kernels.names import KernelsName, checked_name
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.training.blas_threads import Threads, checked_threads


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """The settings of a training; `steps` documents each of them.

    Raises:
        InputError: a setting is invalid for every model and data set.
    """

    optimizer: Optimizer
    epochs: int
    regularizers: Iterable[object] = ()
    batch_size: int | None = None
    validation: tuple[ArrayLike, ArrayLike] | None = None
    log_every: int = 1
    seed: int = 0
    gradient_norms: bool = False
    threads: Threads = "auto"
    kernels: KernelsName = "auto"

    def __post_init__(self) -> None:
        if not isinstance(self.optimizer, Optimizer):
            raise InputError(
                f"optimizer must be an optimizer such as Adam(0.05), got {self.optimizer!r}"
            )
        if isinstance(self.regularizers, str):
            raise InputError(f"regularizers must be a list, such as [{self.regularizers!r}]")
        self._set("regularizers", tuple(self.regularizers))
        self._set("epochs", integer("epochs", self.epochs, least=0))
        self._set("log_every", integer("log_every", self.log_every, least=1))
        self._set("seed", checked_seed(self.seed))
        checked_name(self.kernels)
        self._set("threads", checked_threads(self.threads))
        if self.batch_size is not None:
            self._set("batch_size", integer("batch_size", self.batch_size, least=1))

    def is_due(self, epoch: int) -> bool:
        """Whether an epoch is recorded: 0, log_every, 2·log_every, … and the last."""
        return epoch % self.log_every == 0 or epoch == self.epochs - 1

    def entries(self, model: Model, rows: int) -> float:
        """The number of entries that the training processes: activations, and parameters per step.

        It depends on the settings alone, so that the same job always gets the same kernels.
        """
        features, activations = model.n_inputs, 0
        for layer in model.layers:
            features = layer.n_outputs(features)
            if layer.params:
                activations += rows * features
        steps_an_epoch = 1 if self.batch_size is None else -(-rows // self.batch_size)
        return float(self.epochs) * (activations + steps_an_epoch * model.parameters.size)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
