"""The epochs of a training, and when it stops early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from regkit.nn.passes import Passes
from regkit.nn.score import Evaluation
from regkit.sklearn.rows import Rows
from regkit.training import History, Training
from regkit.training.early_stopping import EarlyStopping
from regkit.training.sample_weights import mean_one


def one_epoch(training: Training) -> History:
    """Train for one epoch."""
    history = History()
    for record in training.records():
        history.append(record)
        training.stop()
    return history


def until_patience_runs_out(training: Training, held_out: Rows, watch: EarlyStopping) -> History:
    """Train, stop early, and give the model the best parameters.

    It does what `regkit.train` does with `validation`, `patience` and `restore_best`, and weights
    the held-out rows.
    """
    model, history = training.model, History()
    measured = _measurement(training, held_out)
    for record in training.records():
        validation = measured()
        history.append(replace(record, validation=validation))
        watch.see(record.epoch, validation.data_loss, model.parameters)
        if watch.patience.stop_epoch is not None:
            training.stop()
    watch.see_the_end(training.epoch, measured().data_loss, model.parameters)
    if watch.best.parameters is not None:
        model.parameters[...] = watch.best.parameters
    history.stopped = watch.patience.stop_epoch
    history.best_epoch = watch.best.epoch
    return history


def _measurement(training: Training, held_out: Rows) -> Callable[[], Evaluation]:
    """Measures the model on the held-out rows."""
    model = training.model
    inputs = np.asfortranarray(model.as_inputs(held_out.X))
    targets = model.as_targets(held_out.y, len(inputs))
    weights = mean_one(held_out.weights, len(inputs), model.dtype)
    passes = Passes(model.layers, model.loss, model.dtype)

    def measured() -> Evaluation:
        # A training that diverges says so itself.
        with training.threads.limited(), np.errstate(all="ignore"):
            return passes.evaluation(inputs, targets, weights)

    return measured
