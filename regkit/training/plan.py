"""The plan of a training: one checked object for everything but the model and its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from regkit.arguments import boolean, integer, number
from regkit.arguments import seed as checked_seed
from regkit.errors import InputError
from regkit.hooks.given import as_regularizers
from regkit.kernels.names import KernelsName, checked_name
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.regularizers.schedule import Schedule
from regkit.training.blas_threads import Threads, checked_threads

LrSchedule = str | Callable[[int], float]
"""A schedule as text, or a function from the epoch, counted from 0, to a factor of at least 0."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """The settings of a training; `steps` documents each of them.

    `keep_best` keeps a copy of the parameters with the lowest validation data loss without
    restoring them, for which validation is measured each epoch.

    Raises:
        InputError: a setting is invalid for every model and data set.
    """

    optimizer: Optimizer
    epochs: int
    regularizers: Iterable[object] = ()
    batch_size: int | None = None
    validation: tuple[ArrayLike, ArrayLike] | None = None
    sample_weight: ArrayLike | None = None
    lr_schedule: LrSchedule | None = None
    patience: int | None = None
    min_delta: float = 0.0
    restore_best: bool = False
    keep_best: bool = False
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
        self._set("regularizers", as_regularizers(self.regularizers))
        self._set("epochs", integer("epochs", self.epochs, least=0))
        self._set("log_every", integer("log_every", self.log_every, least=1))
        self._set("seed", checked_seed(self.seed))
        checked_name(self.kernels)
        self._set("threads", checked_threads(self.threads))
        if self.batch_size is not None:
            self._set("batch_size", integer("batch_size", self.batch_size, least=1))
        if isinstance(self.lr_schedule, str):
            try:
                self._set("lr_schedule", Schedule(self.lr_schedule))
            except InputError as error:
                raise InputError(f"lr_schedule: {error}") from None
        elif not (self.lr_schedule is None or callable(self.lr_schedule)):
            raise InputError(
                "lr_schedule must be a schedule such as 'warmup:50', or a function of the epoch, "
                f"got {self.lr_schedule!r}"
            )
        for name in ("restore_best", "gradient_norms"):
            boolean(name, getattr(self, name))
        self._check_validation()

    def _check_validation(self) -> None:
        if self.validation is not None and (
            not isinstance(self.validation, tuple | list) or len(self.validation) != 2
        ):
            shown = " ".join(repr(self.validation).split())
            raise InputError(f"validation must be a pair of arrays (X, y), got {shown:.60}")
        self._set("min_delta", number("min_delta", self.min_delta, least=0))
        if self.patience is not None:
            self._set("patience", integer("patience", self.patience, least=1))
        elif self.min_delta:
            raise InputError("min_delta applies only with patience: give patience too")
        for name in ("patience", "restore_best"):
            if getattr(self, name) and self.validation is None:
                raise InputError(f"{name} needs validation data: give validation=(X, y)")

    @property
    def watches_validation(self) -> bool:
        """Whether validation is measured each epoch, not only for records."""
        wanted = self.patience is not None or self.restore_best or self.keep_best
        return wanted and self.validation is not None

    def lr_factor(self, epoch: int) -> float:
        """The factor on the learning rate at an epoch.

        Raises:
            InputError: a function given as `lr_schedule` returned something else.
        """
        if self.lr_schedule is None or isinstance(self.lr_schedule, str):
            return 1.0
        if isinstance(self.lr_schedule, Schedule):
            return float(self.lr_schedule(epoch))
        try:
            factor = self.lr_schedule(epoch)
        except TypeError as error:
            raise InputError(f"lr_schedule must be a function of the epoch: {error}") from error
        return number(f"lr_schedule({epoch})", factor, least=0)

    def largest(self, factor: Callable[[int], float]) -> float:
        """The largest product of the learning rate's factor and another one, over all epochs."""
        products = (self.lr_factor(epoch) * factor(epoch) for epoch in range(self.epochs))
        return max(products, default=1.0)

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
