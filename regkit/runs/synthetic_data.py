"""From settings to the arrays of a synthetic data set."""

from __future__ import annotations

from regkit import datasets
from regkit.arguments import integer
from regkit.data import Preparation, Table, Task, fold, read_table
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.prepared import TEST, VALIDATION, Pair, RunData, pair, seed_of
from regkit.runs.unseen import SYNTHETIC_ROWS, Share, Unseen

VALIDATION_STREAM = 1
"""The second part of the random seed of a synthetic validation set."""

UNSEEN_STREAM = 2
"""That of the rows that only a study's measurement sees."""


def synthetic_data(config: Config, unseen: Unseen | None = None) -> RunData:
    """Draw the data set that the settings name, and a validation set; `unseen` as for `run_data`.

    Raises:
        InputError: a setting is out of range.
    """
    if config.data != "sine" and config.classes < 2:
        raise InputError(f"--classes must be at least 2, got {config.classes}")
    task: Task = "regression" if config.data == "sine" else "classification"
    seed = seed_of(config, "data_seed")
    training = read_table(*_draw(config, config.samples, seed))
    unseen_rows: Table | None = None
    validation: Table | None = None
    if isinstance(unseen, Share):
        per_class = -(-SYNTHETIC_ROWS // (1 if config.data == "sine" else config.classes))
        unseen_rows = read_table(*_draw(config, per_class, (seed, UNSEEN_STREAM)))
    part = unseen.fold if isinstance(unseen, Share) else unseen
    if part is not None:
        training, left = fold(
            training, part.number, part.of, part.seed, stratify=task == "classification"
        )
        unseen_rows, validation = (left, None) if unseen is part else (unseen_rows, left)
    if validation is None and integer("val_samples", config.val_samples, least=0):
        # Shares no random number with any training set, whatever its seed.
        validation = read_table(*_draw(config, config.val_samples, (seed, VALIDATION_STREAM)))
    preparation = Preparation.fit(training, task=task)
    parts = {VALIDATION: validation, TEST: unseen_rows}
    held_out = {name: pair(preparation, rows) for name, rows in parts.items() if rows is not None}
    return RunData(preparation, pair(preparation, training), held_out)


def _draw(config: Config, samples: int, seed: datasets.Seed) -> Pair:
    if config.data == "sine":
        # The book's rows are evenly spaced; validating on some of them would test nothing.
        return datasets.sine(samples, seed if isinstance(seed, tuple) else None)
    draw = {"spiral": datasets.spiral, "vertical": datasets.vertical}[config.data]
    return draw(samples, config.classes, seed)
