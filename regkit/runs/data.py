"""From settings to the arrays of a run, and how tables were turned into them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regkit import datasets
from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.data import (
    Dialect,
    Preparation,
    Table,
    Task,
    read_table,
    require_usable_inputs,
    resolve_task,
    split,
)
from regkit.data.bundled import PREFIX
from regkit.data.table import listed
from regkit.errors import DataError, InputError, RegkitWarning
from regkit.runs.config import ARRAYS, SYNTHETIC_DATA, TABLE, Config, settings
from regkit.suggestions import did_you_mean

Pair = tuple[Array, Array]

VALIDATION_STREAM = 1
"""The second part of the random seed of a synthetic validation set."""

VALIDATION = "validation"
TEST = "test"
SYNTHETIC = ("spiral", "vertical", "sine")


@dataclass(frozen=True)
class RunData:
    """The data that a run is trained and evaluated on.

    Attributes:
        preparation: turns tables into X and y.
        training: X and y.
        held_out: likewise, under "validation" and "test" if there are any.
        file: the table's file, or None.
        summary: one line about the table, or None for synthetic data.
        sample_weight: of the training rows, (rows,), of mean 1; None for equal weights.
    """

    preparation: Preparation
    training: Pair
    held_out: Mapping[str, Pair]
    file: Path | None = None
    summary: str | None = None
    sample_weight: Array | None = None

    @property
    def validation(self) -> Pair | None:
        """The validation data, or None."""
        return self.held_out.get(VALIDATION)


def run_data(config: Config) -> RunData:
    """Draw or read the data that the settings ask for.

    Raises:
        InputError: a setting does not apply to the data.
        DataError: the data cannot be read or used.
    """
    if config.data == ARRAYS:
        raise DataError("the run was trained on arrays from Python, which are not saved")
    synthetic = config.data in SYNTHETIC
    _require_defaults(config, TABLE if synthetic else SYNTHETIC_DATA)
    return _drawn(config) if synthetic else _read(config)


def dialect_of(config: Config) -> Dialect:
    """How the settings say that text tables are read."""
    return Dialect(
        header=config.header,
        sep=config.sep,
        decimal=config.decimal,
        thousands=config.thousands,
        encoding=config.encoding,
        na=config.na,
        comment=config.comment,
    )


def _require_defaults(config: Config, group: str) -> None:
    applies_to = "a table" if group == TABLE else "spiral, vertical and sine"
    for setting in settings():
        is_default = getattr(config, setting.name) == setting.default
        if setting.about.group == group and setting.name != "data" and not is_default:
            raise InputError(f"--{setting.key} applies to {applies_to}, not to {config.data}")


def _drawn(config: Config) -> RunData:
    if config.data != "sine" and config.classes < 2:
        raise InputError(f"--classes must be at least 2, got {config.classes}")
    task: Task = "regression" if config.data == "sine" else "classification"
    seed = _seed(config, "data_seed")
    training = read_table(*_draw(config, config.samples, seed))
    preparation = Preparation.fit(training, task=task)
    held_out = {}
    if integer("val_samples", config.val_samples, least=0):
        # Shares no random number with any training set, whatever its seed.
        validation = read_table(*_draw(config, config.val_samples, (seed, VALIDATION_STREAM)))
        held_out[VALIDATION] = _pair(preparation, validation)
    return RunData(preparation, _pair(preparation, training), held_out)


def _seed(config: Config, name: str) -> int:
    """The seed of this setting, or that of --seed."""
    given = getattr(config, name)
    return config.seed if given is None else checked_seed(given, name)


def _draw(config: Config, samples: int, seed: datasets.Seed) -> Pair:
    if config.data == "sine":
        # The book's rows are evenly spaced; validating on some of them would test nothing.
        return datasets.sine(samples, seed if isinstance(seed, tuple) else None)
    draw = {"spiral": datasets.spiral, "vertical": datasets.vertical}[config.data]
    return draw(samples, config.classes, seed)


def _pair(preparation: Preparation, table: Table, dtype: str = "float64") -> Pair:
    return preparation.transform(table, dtype), preparation.targets(table)


def _read(config: Config) -> RunData:
    _require_known(config.data)
    table = read_table(
        config.data,
        target=config.target,
        drop=config.drop,
        categorical=config.categorical,
        dialect=dialect_of(config),
    )
    task = resolve_task(table, config.task)
    require_usable_inputs(table, filled=config.impute is not None)
    held_out = {}
    training = table
    if config.val != 0:
        seed = _seed(config, "split_seed")
        training, held_out[VALIDATION] = split(
            table, config.val, seed, stratify=task == "classification"
        )
    if config.test is not None:
        held_out[TEST] = read_table(config.test, dialect=dialect_of(config))
    preparation = Preparation.fit(
        training, task=task, standardize=config.standardize, impute=config.impute
    )
    _warn_of_constants(training)
    return RunData(
        preparation,
        _pair(preparation, training, config.dtype),
        {part: _pair(preparation, one, config.dtype) for part, one in held_out.items()},
        None if config.data.startswith(PREFIX) else Path(config.data),
        _summary(table, preparation, len(training)),
    )


def _require_known(data: str) -> None:
    """Raise a DataError if `data` looks like a data set's name but is not one."""
    if data.startswith(PREFIX) or Path(data).suffix or (data and Path(data).exists()):
        return
    meant = did_you_mean(data, SYNTHETIC)
    hint = f"{meant} " if meant else ""
    raise DataError(
        f"unknown data {data!r}: {hint}Give spiral, vertical, sine, the path of a CSV, "
        f"Parquet or NPZ file, or {PREFIX}NAME"
    )


def _warn_of_constants(training: Table) -> None:
    columns = [training.column(name) for name in training.input_names()]
    constant = [one.name for one in columns if len(one.labels) == 1]
    if len(constant) == len(columns):
        raise DataError(f"{training.source}: every column is constant: {listed(constant)}")
    if constant:
        warnings.warn(
            f"{training.source}: columns constant in the training rows, which teach nothing: "
            f"{listed(constant)}",
            RegkitWarning,
            stacklevel=2,
        )


def _summary(table: Table, preparation: Preparation, training: int) -> str:
    kind = "numbers"
    if preparation.classes:
        kind = f"{len(preparation.classes)} classes ({listed(preparation.classes)})"
    return (
        f"{table.source}: {len(table)} rows, {len(preparation.columns)} columns; "
        f"{preparation.target!r} holds {kind}; {training} rows to train on, "
        f"{len(table) - training} to validate on"
    )
