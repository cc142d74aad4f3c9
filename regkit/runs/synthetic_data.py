"""From settings to the arrays of a synthetic data set."""

from __future__ import annotations

from regkit import datasets
from regkit.arguments import integer
from regkit.data import Preparation, Task, fold, read_table
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.prepared import TEST, VALIDATION, Pair, RunData, pair, seed_of
from regkit.runs.unseen import SYNTHETIC_ROWS, Fold, Unseen

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
    held_out = {}
    if isinstance(unseen, Fold):
        training, left = fold(
            training, unseen.number, unseen.of, unseen.seed, stratify=task == "classification"
        )
    elif unseen is not None:
        per_class = -(-SYNTHETIC_ROWS // (1 if config.data == "sine" else config.classes))
        left = read_table(*_draw(config, per_class, (seed, UNSEEN_STREAM)))
    preparation = Preparation.fit(training, task=task)
    if unseen is not None:
        held_out[TEST] = pair(preparation, left)
    if integer("val_samples", config.val_samples, least=0):
        # Shares no random number with any training set, whatever its seed.
        validation = read_table(*_draw(config, config.val_samples, (seed, VALIDATION_STREAM)))
        held_out = {VALIDATION: pair(preparation, validation), **held_out}
    return RunData(preparation, pair(preparation, training), held_out)


def _draw(config: Config, samples: int, seed: datasets.Seed) -> Pair:
    if config.data == "sine":
        # The book's rows are evenly spaced; validating on some of them would test nothing.
        return datasets.sine(samples, seed if isinstance(seed, tuple) else None)
    draw = {"spiral": datasets.spiral, "vertical": datasets.vertical}[config.data]
    return draw(samples, config.classes, seed)
