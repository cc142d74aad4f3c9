"""Training from Python: a model, arrays and regularizers in, the history out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from regkit.arguments import boolean
from regkit.arguments import path as as_path
from regkit.errors import Interrupted
from regkit.kernels.names import KernelsName
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.runs.array_job import array_job
from regkit.runs.session import RunSession
from regkit.runs.start import started
from regkit.training import History, Plan, Record, Training
from regkit.training.blas_threads import Threads
from regkit.training.plan import LrSchedule


def train(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    *,
    optimizer: Optimizer,
    regularizers: Iterable[object] = (),
    epochs: int,
    batch_size: int | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    sample_weight: ArrayLike | None = None,
    lr_schedule: LrSchedule | None = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    restore_best: bool = False,
    log_every: int = 1,
    seed: int = 0,
    gradient_norms: bool = False,
    threads: Threads = "auto",
    kernels: KernelsName = "auto",
    progress: bool = False,
    out: str | Path | None = None,
) -> History:
    """Train the model in place and return the records.

    Args:
        model: trained in place.
        X: (samples, n_inputs).
        y: (samples,) or (samples, 1).
        optimizer: bound to this model from now on.
        regularizers: regularizers, spec strings or raw plugin objects; strengths given to `Dense`
            layers come before them.
        epochs: ≥ 0.
        batch_size: rows in a step; None for all.
        validation: (X, y) to evaluate at each record; each epoch with `patience`, `restore_best`
            or `out`.
        sample_weight: (samples,), ≥ 0: the weight of each sample in the data loss, scaled to a mean
            of 1. Scores and validation are not weighted.
        lr_schedule: a factor on the learning rate by epoch: a function of the epoch, or text such
            as `"warmup:50~cosine:50:1000"`, whose forms `regkit.regularizers.schedule.Schedule`
            documents.
        patience: stop when the validation data loss has not improved for this many epochs,
            whatever `log_every` is; the last epoch is recorded.
        min_delta: an improvement must exceed it, for `patience`.
        restore_best: whether the model ends with the parameters whose validation data loss was
            lowest, among all epochs and the end of training.
        log_every: epochs between records.
        seed: the random seed of shuffling and dropout.
        gradient_norms: whether records hold the norms of the data's and each penalty's gradient,
            for which each penalty's gradient is computed once more.
        threads: the number of BLAS threads; `"auto"` for one, unless a matrix product is large
            enough for more. The last bits of float32 results depend on it. BLAS's threads wait
            for each other: where other programs use the processor, 1 may be several times as
            fast.
        kernels: `"numpy"` is the reference. `"compiled"` trains with kernels compiled by numba,
            the extra `compiled`: Adam, ReLU's gradient, the built-in penalties, and networks with
            one hidden layer between up to 64 inputs and 30 outputs; the results are NumPy's to
            rounding. `"auto"` uses them if numba is installed and the training is long enough to
            repay their start-up.
        progress: whether to show a progress bar, in a terminal or a notebook.
        out: a folder for the run: its records, the last weights and, with `validation`, the best
            ones. `regkit.load`, `regkit.plot` and the commands `evaluate`, `predict` and `plot`
            read it; the arrays are not saved, so `resume` and `verify` cannot.

    Raises:
        InputError: an argument cannot be used, or `out` holds a run.
        PluginError: a regularizer cannot be used.
        RegularizerError: a hook failed.
        DivergenceError: the data loss, a penalty or a parameter is no longer finite.
        StorageError: the run cannot be saved; the last checkpoint is intact.
        Interrupted: Ctrl-C; its `history` holds the records until then. The best parameters are
            restored and the folder is written as at the end.
    """
    plan = Plan(
        optimizer=optimizer,
        regularizers=regularizers,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        sample_weight=sample_weight,
        lr_schedule=lr_schedule,
        patience=patience,
        min_delta=min_delta,
        restore_best=restore_best,
        keep_best=out is not None,
        log_every=log_every,
        seed=seed,
        gradient_norms=gradient_norms,
        threads=threads,
        kernels=kernels,
    )
    folder = None if out is None else as_path("out", out)
    history = History()
    with (
        _source(model, X, y, plan, folder) as source,
        _bar(source.training, boolean("progress", progress)),
    ):
        try:
            for record in source.records():
                history.append(record)
        except KeyboardInterrupt:
            if isinstance(source, RunSession):
                source.save()
            if plan.restore_best:
                source.training.restore_best()
            raise Interrupted(_completed(history, source.training)) from None
    return _completed(history, source.training)


def _completed(history: History, training: Training) -> History:
    history.stopped = training.stopped_at
    if training.early_stopping is not None:
        history.best_epoch = training.early_stopping.best.epoch
    return history


@contextmanager
def _source(
    model: Model, X: ArrayLike, y: ArrayLike, plan: Plan, folder: Path | None
) -> Iterator[_Free | RunSession]:
    """What the records come from; they are written to the folder on the way."""
    if folder is None:
        yield _Free(Training(model, X, y, plan))
        return
    job = array_job(model, X, y, plan)
    with started(folder, job, plugin_files=(), force=False) as session:
        yield session


class _Free:
    """A training without a folder."""

    def __init__(self, training: Training) -> None:
        self.training = training

    def records(self) -> Iterator[Record]:
        return self.training.records()


@contextmanager
def _bar(training: Training, wanted: bool) -> Iterator[None]:
    """A progress bar that moves after each epoch."""
    if not wanted:
        yield
        return
    from tqdm.auto import tqdm

    bar: Any = tqdm(total=training.plan.epochs, unit="epoch")
    save, training.after_epoch = training.after_epoch, None

    def after_epoch() -> None:
        bar.update()
        if save is not None:
            save()

    training.after_epoch = after_epoch
    with bar:
        yield
