"""One session of a run: training, with checkpoints if it has a folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.architecture import Architecture
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import SYNTHETIC
from regkit.runs.folder import RunFolder
from regkit.runs.job import Job
from regkit.runs.metrics import Metrics
from regkit.storage import write_whole
from regkit.training import Record, Training, Zeroed
from regkit.training.early_stopping import Best, Patience
from regkit.training.zeroing import require_candidates
from regkit.warn import warn

SECONDS_BETWEEN_CHECKPOINTS = 1.0
"""A checkpoint is written between two epochs, no more often than this, and at the end."""


class RunSession:
    """One session of a run: from its start, or from its last checkpoint, until it ends or stops.

    Without a folder nothing is written; a folder must be locked. The best weights, those with the
    lowest validation data loss of all epochs, are written before each checkpoint, so that a run
    resumed from it finds them again.
    """

    def __init__(self, job: Job, folder: RunFolder | None = None) -> None:
        config = job.config
        self.folder = folder
        self.job = job
        # Of a table one wants to know the best weights; a synthetic set can be drawn again.
        keep_best = folder is not None or config.data not in SYNTHETIC
        self.training: Training = job.set_up(keep_best=keep_best)
        if config.zero_small:
            require_candidates(job.model, self.training.hooks)
        self.architecture = None if folder is None else Architecture.of(job.model)
        # Penalties are known for records only, so both losses are compared by records.
        self.by_recorded_loss, self.by_penalized_loss = (
            Patience(config.patience or None, config.min_delta) for _ in range(2)
        )
        self.seconds_between_checkpoints = SECONDS_BETWEEN_CHECKPOINTS
        self._saved_at = time.monotonic()
        self._saved_best = -1
        self._saved: tuple[int, bool] | None = None
        if folder is not None:
            self.training.after_epoch = self._save_now_and_then
            self.training.before_restoring = self._save_end

    @property
    def best(self) -> Best | None:
        """The best weights so far, if validation is watched."""
        watch = self.training.early_stopping
        return None if watch is None else watch.best

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do, since training has ended and what follows is saved."""
        if self.folder is None or not self.training.finished:
            return self.training.finished
        zeroed = not self.job.config.zero_small or self._is_zeroed
        return zeroed and self.folder.ledger.exists()

    @property
    def _is_zeroed(self) -> bool:
        """Whether the zeroed weights are there, and are those of the last ones."""
        folder, _ = self._written_to
        return folder.zeroed.exists() and Checkpoint.load(
            folder.zeroed, run=folder.identity
        ).epoch == (self.training.epoch)

    @property
    def _written_to(self) -> tuple[RunFolder, Architecture]:
        if self.folder is None or self.architecture is None:
            raise InputError("this session has no folder to write to")
        return self.folder, self.architecture

    def save_start(self) -> None:
        """Save the initial model, which the settings do not determine.

        Raises:
            StorageError: it cannot be written.
        """
        folder, _ = self._written_to
        self._save_model(folder.start, epoch=0)

    def restore(self) -> None:
        """Go back to the last checkpoint; without one, to the start.

        Raises:
            InputError: the checkpoint or the metrics are damaged or belong to another run.
            StorageError: the metrics cannot be truncated to the checkpoint.
        """
        folder, _ = self._written_to
        if folder.last.exists():
            checkpoint = Checkpoint.load(folder.last, run=folder.identity)
            checkpoint.put_into(self.job.model)
            checkpoint.put_moments_into(self.job.optimizer)
            if checkpoint.state is not None:
                self.training.restore(checkpoint.state)
            self._saved = self._stage
        if self.best is not None and folder.best.exists():
            Checkpoint.load(folder.best, run=folder.identity)  # Not another run's.
            self._saved_best = self.best.epoch
        if self.training.all_epochs_are_trained:
            return  # Its last record stays, which a run that goes further has not.
        log_every = self.training.plan.log_every
        metrics = Metrics(folder.metrics)
        kept = metrics.cut(self.training.epoch, log_every)
        missing, first = metrics.missing(kept, self.training.epoch, log_every)
        if missing:
            warn(
                f"{folder.metrics} lacks {missing} records that were made before the "
                f"checkpoint, the first of epoch {first}: they are lost"
            )
        # They belong to weights that are trained further.
        folder.zeroed.unlink(missing_ok=True)
        folder.ledger.unlink(missing_ok=True)
        for record in kept:
            self._judge_record(record)

    def records(self) -> Iterator[Record]:
        """Train, writing metrics, the best weights and checkpoints; yield the records.

        Raises:
            StorageError: a file cannot be written; the last checkpoint is intact.
            RegkitError: as for `steps`.
        """
        for record in self.training.records():
            if self.folder is not None:
                Metrics(self.folder.metrics).append(record)
            self._judge_record(record)
            yield record
        if self.folder is None:
            return
        if self._saved != self._stage:
            self.save()
        if self.training.finished and not self.folder.ledger.exists():
            self._save_ledger()

    def stop(self) -> None:
        """End `records` after the current epoch, with a checkpoint."""
        self.training.stop()

    def save(self) -> None:
        """Write the best weights, and a checkpoint of the training between two epochs.

        Raises:
            StorageError: a file cannot be written; the previous checkpoint is intact.
        """
        folder, architecture = self._written_to
        if self.best is not None and self.best.parameters is not None:
            if self.best.epoch != self._saved_best:
                with self.at(self.best.parameters):
                    self._save_model(folder.best, self.best.epoch)
            self._saved_best = self.best.epoch
        Checkpoint.of(
            architecture,
            self.job.model,
            self.job.optimizer,
            self.training.state(),
            run=folder.identity,
        ).save(folder.last)
        self._saved = self._stage
        self._saved_at = time.monotonic()

    @contextmanager
    def at(self, parameters: Array) -> Iterator[None]:
        """Set the model's parameters while the context lasts."""
        model, before = self.job.model, self.job.model.parameters.copy()
        model.parameters[...] = parameters
        try:
            yield
        finally:
            model.parameters[...] = before

    def best_parameters(self) -> Array | None:
        """The best weights, flat: of this session, or of the file that an earlier one wrote."""
        if self.best is None or self.best.parameters is not None:
            return None if self.best is None else self.best.parameters
        if self.folder is None or not self.folder.best.exists():
            return None
        with self.at(self.job.model.parameters):
            Checkpoint.load(self.folder.best, run=self.folder.identity).put_into(self.job.model)
            return self.job.model.parameters.copy()

    def zero_small(self) -> Zeroed:
        """Set small weights to exactly 0 where the objective does not increase; save the result.

        Raises:
            InputError: no regularizer is sparsifying.
            StorageError: the file cannot be written.
        """
        zeroed = self.job.zero_small(self.training.last_epoch)
        if self.folder is not None:
            self._save_model(self.folder.zeroed, self.training.epoch)
            self._save_ledger()
        return zeroed

    @property
    def _stage(self) -> tuple[int, bool]:
        """How far the training is; a checkpoint at the same stage holds the same."""
        return self.training.epoch, self.training.finished

    def _save_now_and_then(self) -> None:
        if time.monotonic() - self._saved_at >= self.seconds_between_checkpoints:
            self.save()

    def _save_end(self) -> None:
        """Save what the training ended with, before the best weights take its place."""
        self.save()
        self._save_ledger()

    def _save_ledger(self) -> None:
        # Imported here: without a folder it is not needed, and a short run is mostly imports.
        from regkit.runs.ledger_of_job import ledger_of

        folder, _ = self._written_to
        ledger = ledger_of(self.job, self.training.epoch)
        write_whole(folder.ledger, ledger.to_json(run=folder.identity))

    def _judge_record(self, record: Record) -> None:
        if record.validation is not None:
            loss = record.validation.data_loss
            self.by_recorded_loss.see(record.epoch, loss)
            self.by_penalized_loss.see(record.epoch, loss + record.penalty)

    def _save_model(self, path: Path, epoch: int) -> None:
        folder, architecture = self._written_to
        Checkpoint.of_model(architecture, self.job.model, epoch, run=folder.identity).save(path)
