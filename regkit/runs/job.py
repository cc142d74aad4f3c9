"""From settings to the data, model, optimizer and regularizers of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from regkit.arguments import integer, number
from regkit.catalogue.resolve import bare_strength, regularizer
from regkit.errors import InputError
from regkit.nn.model import Model
from regkit.nn.optimizers import SGD, AdaGrad, Adam, Optimizer, RMSProp
from regkit.regularizers.spec import RESERVED
from regkit.regularizers.table import Entry, Table
from regkit.runs.config import ARRAYS, SYNTHETIC, Config, DTypeName
from regkit.runs.copied_files import holding_files
from regkit.runs.data import run_data
from regkit.runs.evaluation import DetailedEvaluation, detailed_evaluation
from regkit.runs.job_memory import require_memory_for
from regkit.runs.network import network
from regkit.runs.prepared import RunData
from regkit.training import Objective, Plan, Training, Zeroed, objective, zero_small
from regkit.warn import warn

TABLE_PATIENCE = 100
"""The patience of a table's training, if neither patience nor epochs are given."""

_ADAPTIVE: dict[str, Callable[..., Optimizer]] = {
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
}


@dataclass(frozen=True)
class Job:
    """Everything that a run needs, checked and built, before training.

    Attributes:
        config: the settings; tables of regularizers hold the files that their fields name.
        model: the network that they ask for.
        optimizer: likewise.
        regularizers: likewise.
        data: likewise.
        model_given: whether the model was given, instead of built from the settings.
        plan: the plan of a training from Python; None to make it from the settings.
    """

    config: Config
    model: Model
    optimizer: Optimizer
    regularizers: Sequence[Any]
    data: RunData
    model_given: bool = False
    plan: Plan | None = None

    def set_up(self, *, keep_best: bool = False) -> Training:
        """The training, before its first step; `keep_best` is that of `Plan`."""
        config = self.config
        return Training(
            self.model,
            *self.data.training,
            self.plan
            or Plan(
                optimizer=self.optimizer,
                regularizers=self.regularizers,
                epochs=config.epochs,
                batch_size=config.batch_size,
                validation=self.data.validation,
                sample_weight=self.data.sample_weight,
                lr_schedule=config.lr_schedule,
                patience=config.patience or None,
                min_delta=config.min_delta,
                keep_best=keep_best,
                log_every=config.log_every,
                seed=config.seed,
                gradient_norms=config.gradient_norms,
                threads="auto" if config.threads is None else config.threads,
                kernels=config.kernels,
            ),
        )

    def objective(self, epoch: int) -> Objective:
        """The training objective of the model in its current state, at an epoch's strengths."""
        return objective(
            self.model,
            *self.data.training,
            regularizers=self.regularizers,
            sample_weight=self.data.sample_weight,
            epoch=epoch,
        )

    def zero_small(self, epoch: int) -> Zeroed:
        """Set small weights to exactly 0 where the objective at an epoch does not increase.

        Raises:
            InputError: no regularizer is sparsifying.
        """
        return zero_small(
            self.model,
            *self.data.training,
            regularizers=self.regularizers,
            sample_weight=self.data.sample_weight,
            epoch=epoch,
        )

    def held_out(self) -> dict[str, DetailedEvaluation]:
        """The evaluation of the model on validation and test data, if there are any."""
        return {
            part: detailed_evaluation(self.model, self.data.preparation, *pair)
            for part, pair in self.data.held_out.items()
        }


def job(
    config: Config,
    classes: Sequence[type] = (),
    *,
    data: RunData | None = None,
    model: Model | None = None,
) -> Job:
    """Build a run.

    Args:
        config: the settings.
        classes: regularizer classes that are not installed.
        data: the result of `run_data(config)`, if already computed.
        model: trained in place, instead of a new network.

    Raises:
        RegkitError: a setting cannot be used, or the model does not fit the data.
    """
    entries = _entries(config)
    regularizers = [regularizer(entry, classes) for entry in entries]
    for entry, configured in zip(entries, regularizers, strict=True):
        doubt = bare_strength(entry, configured)
        if doubt is not None:
            warn(doubt)
    if entries:
        config = replace(config, reg=tuple(map(holding_files, entries, regularizers)))
    optimizer = _optimizer(config)
    data = data or run_data(config)
    if data.decimal is not None and config.decimal is None:
        config = replace(config, decimal="," if data.decimal == "," else ".")
    _check_stopping(config, data)
    config, data = _with_patience_for_tables(config, data)
    if model is None:
        require_memory_for(
            config,
            n_inputs=len(data.preparation.features),
            n_outputs=data.preparation.n_outputs,
            rows=len(data.training[0]),
        )
        model, given = network(config, data.preparation), False
    else:
        dtype = cast("DTypeName", model.dtype.name)
        config, given = replace(config, dtype=dtype), True
    _require_fitting(model, data)
    return Job(config, model, optimizer, regularizers, data, model_given=given)


def _require_fitting(model: Model, data: RunData) -> None:
    features, n_outputs = len(data.preparation.features), data.preparation.n_outputs
    if (model.n_inputs, model.n_outputs) != (features, n_outputs):
        raise InputError(
            f"the model takes {model.n_inputs} inputs and gives {model.n_outputs} outputs, but "
            f"the data have {features} columns and need {n_outputs} outputs"
        )


def _entries(config: Config) -> tuple[Entry, ...]:
    for entry in config.reg:
        if not isinstance(entry, str | Table):
            raise InputError(
                f"the setting reg holds spec strings such as 'l2=1e-4', got {entry!r}: write "
                "a spec or a table"
            )
    if RESERVED not in config.reg:
        return config.reg
    if len(config.reg) > 1:
        raise InputError(f"--reg {RESERVED} means no regularizer: give it alone")
    return ()


def _with_patience_for_tables(config: Config, data: RunData) -> tuple[Config, RunData]:
    """Stop a table's training in time where nothing says how long it shall be.

    The default number of epochs is that of the book's chapter, for thousands of points; a small
    table is learned by heart long before.
    """
    is_table = config.data not in (*SYNTHETIC, ARRAYS)
    if config.patience is not None or config.epochs != Config.epochs or not is_table:
        return config, data
    if data.validation is None:
        return config, data
    said = f"training stops when validation has not improved for {TABLE_PATIENCE} epochs"
    summary = f"{data.summary}; {said} (--patience 0 for all epochs)"
    return replace(config, patience=TABLE_PATIENCE), replace(data, summary=summary)


def _check_stopping(config: Config, data: RunData) -> None:
    number("min_delta", config.min_delta, least=0)
    if not integer("patience", config.patience or 0, least=0):
        if config.min_delta:
            raise InputError("--min-delta applies only with --patience: give both, or neither")
        return
    if data.validation is None:
        flag = "--val-samples" if config.data in SYNTHETIC else "--val"
        raise InputError(f"--patience needs validation data: leave out {flag} 0")


def _optimizer(config: Config) -> Optimizer:
    if config.optimizer == "sgd":
        return SGD(config.lr, decay=config.decay, momentum=config.momentum)
    if config.momentum:
        raise InputError(f"--momentum applies to --optimizer sgd, not to {config.optimizer}")
    return _ADAPTIVE[config.optimizer](config.lr, decay=config.decay)
