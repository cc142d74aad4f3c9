"""One training of a study, from its settings to what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from regkit.runs.config import Config
from regkit.runs.evaluation import detailed_evaluation
from regkit.runs.job import Job, job
from regkit.runs.prepared import TEST, VALIDATION, RunData
from regkit.studies.measures import measures
from regkit.studies.task import Row


def trained_row(config: Config, classes: Sequence[type], data: RunData) -> Row:
    """Train, and measure on the rows that training did not see.

    Raises:
        RegkitError: a setting cannot be used, or the training diverged.
    """
    made = job(replace(config, log_every=max(config.epochs, 1)), classes, data=data)
    training = made.set_up()
    for _ in training.records():
        pass
    if training.plan.patience is not None:
        # Where patience decides when to stop, the best weights are what is used.
        training.restore_best()
    if config.zero_small:
        made.zero_small(training.last_epoch)
    return {
        TEST: _measures(made, TEST),
        **({VALIDATION: _measures(made, VALIDATION)} if data.validation is not None else {}),
        "train": _objective(made, training.last_epoch),
        "epochs": training.epoch,
        **_zeros(made),
    }


def _measures(made: Job, part: str) -> dict[str, float]:
    rows = made.data.held_out[part]
    return measures(detailed_evaluation(made.model, made.data.preparation, *rows))


def _objective(made: Job, epoch: int) -> dict[str, Any]:
    found = made.objective(epoch)
    return {
        **found.score.as_dict(),
        "loss": found.loss,
        "data_loss": found.data_loss,
        "penalties": dict(found.penalties),
    }


def _zeros(made: Job) -> dict[str, int]:
    """The exact zeros among the weights, biases apart."""
    weights = [
        array
        for layer in made.model.parameter_layers
        for name, array in layer.params.items()
        if name != "biases"
    ]
    return {
        "zeros": sum(array.size - int(np.count_nonzero(array)) for array in weights),
        "weights": sum(array.size for array in weights),
    }
