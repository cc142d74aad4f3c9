"""Running a job to its end: settings in, outcome out, and events for a watcher."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from regkit.arguments import path as as_path
from regkit.nn.model import Model
from regkit.runs.config import Config
from regkit.runs.evaluation import DetailedEvaluation
from regkit.runs.events import (
    Began,
    BestWeights,
    Ended,
    Event,
    PatienceCompared,
    RecordMade,
    Saved,
    SmallWeightsZeroed,
    Watcher,
    WeightsName,
)
from regkit.runs.job import Job, job
from regkit.runs.prepared import RunData
from regkit.runs.session import RunSession
from regkit.training import Objective, Zeroed

WhileTraining = Callable[[Callable[[], None]], AbstractContextManager[object]]
"""Given a function that stops training after the current epoch, the context of the training."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job.

    Attributes:
        job: with its model trained.
        finished: whether it trained to its end; False if it was stopped early.
        epochs: the number of epochs trained.
        objective: on the training data; None if it was stopped early.
        held_out: "validation" and "test", if there are any.
        zeroed: the result of `--zero-small`, or None.
    """

    job: Job
    finished: bool
    epochs: int
    objective: Objective | None = None
    held_out: Mapping[str, DetailedEvaluation] | None = None
    zeroed: Zeroed | None = None


def execute(
    config: Config,
    *,
    classes: Sequence[type] = (),
    plugin_files: Sequence[Path] = (),
    force: bool = False,
    data: RunData | None = None,
    model: Model | None = None,
    watch: Watcher | None = None,
    while_training: WhileTraining = nullcontext,
) -> Outcome:
    """Train to the end, zero small weights if requested, and evaluate.

    Args:
        config: the settings; the run is saved in `out`, if given.
        classes: regularizer classes that are not installed.
        plugin_files: the files that define them, for the manifest.
        force: whether to overwrite a run that the folder already holds.
        data: the result of `run_data(config)`, if already computed.
        model: trained in place, instead of a new network.
        watch: called with each event.
        while_training: may stop training early, for example on a signal; see `WhileTraining`.

    Raises:
        RegkitError: a setting cannot be used, training diverged, or the run cannot be saved.
    """
    made = job(config, classes, data=data, model=model)
    with _session(made, plugin_files, force=force) as session:
        return finish(session, watch=watch, while_training=while_training)


def finish(
    session: RunSession,
    *,
    watch: Watcher | None = None,
    while_training: WhileTraining = nullcontext,
) -> Outcome:
    """Run a session to its end; arguments and errors are those of `execute`."""
    tell = watch or _nobody
    made, began = session.job, time.perf_counter()
    chosen = made.config.kernels == "auto"
    tell(Began(made.data.summary, session.training.kernels.name, kernels_chosen=chosen))
    with while_training(session.stop):
        for record in session.records():
            tell(RecordMade(record))
    epochs = session.training.epoch
    if not session.training.finished:
        return Outcome(made, finished=False, epochs=epochs)
    seconds = time.perf_counter() - began
    _tell_of_patience(session, tell)
    zeroed = None
    if made.config.zero_small:
        before = made.held_out()
        zeroed = session.zero_small()
        tell(SmallWeightsZeroed(zeroed, before, made.held_out()))
    with session.training.threads.limited():  # The products are those of the training.
        objective, held_out = made.objective(session.training.last_epoch), made.held_out()
    weights: WeightsName = "last" if zeroed is None else "zeroed"
    best = _best_weights(session)
    tell(Ended(epochs, objective, held_out, seconds, weights, best, session.folder is not None))
    if session.folder is not None:
        tell(Saved(session.folder.path, weights if best is None or zeroed else "best"))
    return Outcome(made, True, epochs, objective, held_out, zeroed)


@contextmanager
def _session(made: Job, plugin_files: Sequence[Path], *, force: bool) -> Iterator[RunSession]:
    if made.config.out is None:
        yield RunSession(made)
        return
    # Imported here, as nothing else needs what a folder holds.
    from regkit.runs.start import started

    path = as_path("--out", made.config.out)
    with started(path, made, plugin_files=plugin_files, force=force) as session:
        yield session


def _tell_of_patience(session: RunSession, tell: Watcher) -> None:
    training = session.training
    recorded, penalized = session.by_recorded_loss.stop_epoch, session.by_penalized_loss.stop_epoch
    if training.early_stopping is None or (training.stopped_at is None and penalized is None):
        return
    improved_at = training.early_stopping.patience.reference_epoch
    tell(PatienceCompared(training.stopped_at, improved_at, recorded, penalized))


def _best_weights(session: RunSession) -> BestWeights | None:
    parameters = session.best_parameters()
    if session.best is None or parameters is None:
        return None
    with session.at(parameters):
        return BestWeights(session.best.epoch, session.job.held_out())


def _nobody(event: Event) -> None:
    """The default watcher, which does nothing."""
