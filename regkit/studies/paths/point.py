"""One point of a path: training from where the model is until the objective is stationary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

from regkit.runs.job import Job
from regkit.runs.stationarity import Stationarity
from regkit.training import Training
from regkit.training.collapse import is_of_collapse
from regkit.training.early_stopping import Patience
from regkit.training.penalties import penalties_on, run_hooks
from regkit.warn import collected_warnings, warn

EPOCHS_BETWEEN = 10
"""The distance from stationarity is measured after so many epochs."""


@dataclass(frozen=True)
class Trained:
    """How a training of a point ended.

    Attributes:
        epochs: how many it took.
        distance: from stationarity, see `Stationarity`.
        converged: whether that is within the tolerance.
    """

    epochs: int
    distance: float
    converged: bool


def train_point(
    made: Job,
    *,
    tolerance: float,
    patience: int,
    min_delta: float,
    from_start: bool = False,
) -> Trained:
    """Train the job's model in place, for at most the epochs of its settings.

    It ends when the distance from stationarity is within the tolerance. With patience it also ends
    when the validation data loss plus the penalties has not improved for so many epochs; the last
    weights are kept, since the best may be those of another strength.

    Args:
        made: the job; its own settings have no patience.
        tolerance: of the distance.
        patience: in epochs; 0 for none.
        min_delta: an improvement must exceed it.
        from_start: whether the model has not learned yet, so that penalties may empty it unwanted,
            of which is warned.

    Raises:
        DivergenceError: as for a training.
    """
    epochs = made.config.epochs
    made = replace(made, config=replace(made.config, log_every=max(epochs, 1)))
    with nullcontext() if from_start else without_warnings_of_collapse():
        training = made.set_up()
    measure = Stationarity(made)
    watch = Patience(patience or None, min_delta)
    hooks = run_hooks(made.model, made.regularizers) if patience else None
    found = measure.distance()
    measured_at = 0

    def after_epoch() -> None:
        nonlocal found, measured_at
        if training.epoch % EPOCHS_BETWEEN == 0 or training.epoch == epochs:
            found, measured_at = measure.distance(training.epoch - 1), training.epoch
            if found <= tolerance:
                training.stop()
        if hooks is not None and made.data.validation is not None:
            X, y = made.data.validation
            hooks.begin_epoch(training.epoch - 1)
            penalties = penalties_on(made.model, hooks, made.model.as_inputs(X))
            total = sum(value for one in penalties.values() for value in one.values())
            watch.see(training.epoch, made.model.evaluate(X, y).data_loss + total)
            if watch.stop_epoch is not None:
                training.stop()

    if found > tolerance:
        training.after_epoch = after_epoch
        run_out(training)
    if measured_at != training.epoch:
        found = measure.distance(training.last_epoch)
    return Trained(training.epoch, found, found <= tolerance)


def run_out(training: Training) -> None:
    """Train to the end."""
    with without_warnings_of_collapse():
        for _ in training.records():
            pass


@contextmanager
def without_warnings_of_collapse() -> Iterator[None]:
    """That a penalty empties layers is what its path is about."""
    with collected_warnings() as said:
        yield
    for message in said:
        if not is_of_collapse(message):
            warn(message)
