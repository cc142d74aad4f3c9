"""The job of a training from Python, as a run's folder describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from regkit.array_types import Array
from regkit.catalogue.resolve import regularizer
from regkit.data import Preparation
from regkit.data.input_column import InputColumn
from regkit.nn.class_labels import class_count
from regkit.nn.given_arrays import as_array
from regkit.nn.model import Model
from regkit.regularizers import Configured
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import ARRAYS, Config
from regkit.runs.copied_files import holding_files
from regkit.runs.job import Job
from regkit.runs.prepared import VALIDATION, RunData
from regkit.training import Plan

TARGET = "y"


def array_job(model: Model, X: ArrayLike, y: ArrayLike, plan: Plan) -> Job:
    """The job that trains a model on arrays.

    Its settings say what can be said as settings: data from memory, the regularizers' specs, and
    the numbers of the plan. A run that holds it can be loaded, evaluated on data and plotted, but
    not trained again from its settings.

    Raises:
        InputError: the labels do not fit the model.
    """
    model.learn_classes(y)
    plan = replace(plan, regularizers=tuple(map(_configured, plan.regularizers)))
    named = [one for one in plan.regularizers if isinstance(one, Configured)]
    entries = [holding_files(str(one), one) for one in named]
    config = Config(
        data=ARRAYS,
        hidden=(),
        dtype="float64" if model.dtype == np.float64 else "float32",
        reg=tuple(entries) or (RESERVED,),
        lr=plan.optimizer.lr,
        decay=plan.optimizer.decay,
        epochs=plan.epochs,
        batch_size=plan.batch_size,
        seed=plan.seed,
        patience=plan.patience,
        min_delta=plan.min_delta,
        log_every=plan.log_every,
        gradient_norms=plan.gradient_norms,
        standardize=False,
    )
    validation = {} if plan.validation is None else {VALIDATION: _arrays(*plan.validation)}
    data = RunData(_preparation(model, _names(X)), _arrays(X, y), validation)
    regularizers = tuple(plan.regularizers)
    return Job(config, model, plan.optimizer, regularizers, data, model_given=True, plan=plan)


def _configured(given: object) -> object:
    return regularizer(given) if isinstance(given, str | Mapping) else given


def _names(X: ArrayLike) -> list[str] | None:
    """The names of the columns of a data frame; None for an array."""
    columns = getattr(X, "columns", None)
    return None if columns is None else [str(name) for name in columns]


def _preparation(model: Model, names: list[str] | None) -> Preparation:
    """Inputs as they are; classes by their labels or numbers."""
    if names is None or len({*names, TARGET}) <= len(names):
        names = [f"x{number}" for number in range(1, model.n_inputs + 1)]
    columns = tuple(map(InputColumn, names))
    count = class_count(model.loss, model.n_outputs)
    if count is None:
        return Preparation("regression", TARGET, (), columns)
    return Preparation("classification", TARGET, model.classes or tuple(range(count)), columns)


def _arrays(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    inputs, targets = as_array("X", X), as_array("y", y)
    # Text as such, so that its bytes can be hashed.
    return inputs, targets.astype(str) if targets.dtype.kind == "O" else targets
