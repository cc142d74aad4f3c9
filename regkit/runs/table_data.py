"""From settings to the arrays of a table: read, split, prepared, weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from regkit.array_types import Array
from regkit.data import (
    Dialect,
    Preparation,
    Table,
    require_usable_inputs,
    resolve_task,
)
from regkit.data.bundled import PREFIX
from regkit.data.reading import is_delimited
from regkit.data.suspicious import warn_of_suspicious
from regkit.data.table import listed
from regkit.errors import DataError, InputError
from regkit.runs.config import Config
from regkit.runs.prepared import DATA, TEST, VALIDATION, RunData, pair
from regkit.runs.table_parts import dialect_of, parts_of, require_one_split, table_of
from regkit.runs.unseen import Unseen
from regkit.warn import warn


def table_data(config: Config, unseen: Unseen | None = None) -> RunData:
    """Read the table that the settings name, split it, and prepare its parts.

    `unseen` is that of `run_data`; in its place stands a test file that the settings name.

    Raises:
        InputError: settings contradict each other.
        DataError: a table cannot be read or used.
    """
    require_one_split(config)
    _require_text_table(config)
    table = table_of(config, again=unseen is not None)
    task = resolve_task(table, config.task)
    training, held_out = parts_of(config, table, task, unseen)
    used = table if config.group is None else table.without([config.group])
    require_usable_inputs(used, filled=config.impute is not None)
    preparation = Preparation.fit(
        training,
        task=task,
        standardize=config.standardize,
        impute=config.impute,
        unknown=config.unknown,
    )
    arrays = pair(preparation, training, config.dtype)
    prepared = {}
    for part, one in held_out.items():
        own = config.val_file is None if part == VALIDATION else config.test is None
        if own and part == VALIDATION:
            _warn_of_unseen(preparation, one)
        prepared[part] = pair(preparation.lenient() if own else preparation, one, config.dtype)
    _warn_of_constants(training)
    warn_of_suspicious(used)
    return RunData(
        preparation,
        arrays,
        prepared,
        _files(config),
        _summary(table, preparation, training, held_out, standardized=config.standardize),
        _balanced(arrays[1], preparation) if config.class_weight else None,
        _decimal(table),
    )


def _require_text_table(config: Config) -> None:
    """Flags that say how a text table is written apply to nothing else."""
    paths = [path for path in (config.data, config.val_file, config.test) if path is not None]
    if any(map(is_delimited, paths)):
        return
    given, plain = asdict(dialect_of(config)), asdict(Dialect())
    for name, value in given.items():
        if value != plain[name]:
            raise InputError(f"--{name} applies to CSV files, not to {config.data}")


def _files(config: Config) -> Mapping[str, Path]:
    named = {DATA: config.data, VALIDATION: config.val_file, TEST: config.test}
    return {
        name: Path(path)
        for name, path in named.items()
        if path is not None and not path.startswith(PREFIX)
    }


def _decimal(table: Table) -> str | None:
    """The one decimal separator that the numbers show: new rows may be too few to show it."""
    shown = {column.decimal for column in table.columns.values()} - {None}
    return shown.pop() if len(shown) == 1 else None


def _balanced(class_numbers: Array, preparation: Preparation) -> Array:
    """rows / (classes · rows of its class) for each row, whose mean is 1."""
    if preparation.task != "classification":
        raise InputError("--class-weight balanced applies to classification, not to regression")
    counts = np.bincount(class_numbers, minlength=len(preparation.classes))
    weights: Array = len(class_numbers) / (np.count_nonzero(counts) * counts[class_numbers])
    return weights


def _warn_of_unseen(preparation: Preparation, validation: Table) -> None:
    """Chance, not the user, has put all rows of a category on one side."""
    unseen = preparation.unseen(validation)
    if unseen:
        shown = ", ".join(f"{name!r} ({listed(labels, 3)})" for name, labels in unseen.items())
        warn(
            f"{validation.source}: categories that only validation rows have count as none there, "
            f"and new rows with them are refused unless --unknown ignore is given: {shown}"
        )


def _warn_of_constants(training: Table) -> None:
    columns = [training.column(name) for name in training.input_names()]
    constant = [one.name for one in columns if len(one.labels) == 1]
    if len(constant) == len(columns):
        raise DataError(f"{training.source}: every column is constant: {listed(constant)}")
    if constant:
        warn(
            f"{training.source}: columns constant in the training rows, which teach nothing: "
            f"{listed(constant)}"
        )


def _summary(
    table: Table,
    preparation: Preparation,
    training: Table,
    held_out: Mapping[str, Table],
    *,
    standardized: bool,
) -> str:
    kind = "numbers"
    if preparation.classes:
        kind = f"{len(preparation.classes)} classes ({listed(preparation.classes)})"
    validation = len(held_out[VALIDATION]) if VALIDATION in held_out else 0
    count = len(preparation.columns)
    return (
        f"{table.source}: {len(table)} rows, {count} column{'s' if count != 1 else ''}; "
        f"{preparation.target!r} holds {kind}; {len(training)} rows to train on, "
        f"{validation} to validate on" + (_scaling(preparation) if standardized else "")
    )


def _scaling(preparation: Preparation) -> str:
    scaled = []
    if any(one.categories is None for one in preparation.columns):
        scaled.append("columns of numbers")
    if preparation.task == "regression":
        scaled.append("the target")
    if not scaled:
        return ""
    return f"; {' and '.join(scaled)} standardized (--no-standardize to leave them)"
