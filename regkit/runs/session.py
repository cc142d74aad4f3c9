"""One session of a run: early stopping, and checkpoints if it has a folder."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from regkit.errors import InputError, RegkitWarning
from regkit.nn.architecture import Architecture
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.data import SYNTHETIC
from regkit.runs.folder import RunFolder
from regkit.runs.job import Job
from regkit.runs.metrics import Metrics
from regkit.runs.patience import Patience
from regkit.training import Record, Training, Zeroed, zero_small

SECONDS_BETWEEN_CHECKPOINTS = 1.0
"""A checkpoint is written at a record, but no more often than this, and always at the end."""


class RunSession:
    """One session of a run: from its start, or from its last checkpoint, until it ends or stops.

    Without a folder nothing is written; a folder must be locked. The best weights are those with
    the lowest validation data loss, among the records that a longer run would have too (epochs
    that `log_every` divides).

    Raises:
        InputError: `patience` is set, but there are no validation data.
    """

    def __init__(self, job: Job, folder: RunFolder | None = None) -> None:
        config = job.config
        if config.patience is not None and job.data.validation is None:
            flag = "--val-samples" if config.data in SYNTHETIC else "--val"
            raise InputError(f"--patience needs validation data: leave out {flag} 0")
        self.folder = folder
        self.job = job
        self.training: Training = job.set_up()
        self.architecture = None if folder is None else Architecture.of(job.model)
        self.stopped_early = False
        self.by_data_loss = Patience(config.patience, config.min_delta)
        self.by_penalized_loss = Patience(config.patience, config.min_delta)
        self.seconds_between_checkpoints = SECONDS_BETWEEN_CHECKPOINTS
        self._saved_at = time.monotonic()

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to train."""
        return self.stopped_early or self.training.epoch >= self.training.plan.epochs

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
            checkpoint = Checkpoint.load(folder.last)
            checkpoint.put_into(self.job.model)
            checkpoint.put_moments_into(self.job.optimizer)
            if checkpoint.state is not None:
                self.training.restore(checkpoint.state)
            self.stopped_early = checkpoint.stopped
        if self.finished:
            return
        log_every = self.training.plan.log_every
        kept = Metrics(folder.metrics).cut(self.training.epoch, log_every)
        missing = set(range(0, self.training.epoch, log_every)) - {one.epoch for one in kept}
        if missing:
            warnings.warn(
                f"{folder.metrics} lacks {len(missing)} records that were made before the "
                f"checkpoint, the first of epoch {min(missing)}: they are lost",
                RegkitWarning,
                stacklevel=2,
            )
        for record in kept:
            if record.validation is not None:
                loss = record.validation.data_loss
                self.by_data_loss.see(record.epoch, loss)
                self.by_penalized_loss.see(record.epoch, loss + record.penalty)

    def records(self) -> Iterator[Record]:
        """Train, writing metrics, the best weights and checkpoints; yield the records.

        Raises:
            StorageError: a file cannot be written; the last checkpoint is intact.
            RegkitError: as for `steps`.
        """
        saved_epoch = -1
        for record in self.training.records():
            if self.folder is not None:
                Metrics(self.folder.metrics).append(record)
            self._judge(record)
            yield record
            self.training.finish_epoch()
            if self.by_data_loss.stop_epoch is not None:
                self.stopped_early = True
                self.training.stop()
            if (
                self.folder is not None
                and time.monotonic() - self._saved_at >= self.seconds_between_checkpoints
            ):
                self.save()
                saved_epoch = self.training.epoch
        if self.folder is not None and saved_epoch != self.training.epoch:
            self.save()

    def stop(self) -> None:
        """End `records` after the current epoch, with a checkpoint."""
        self.training.stop()

    def save(self) -> None:
        """Write a checkpoint of the training between two epochs.

        Raises:
            StorageError: it cannot be written; the previous one is intact.
        """
        folder, architecture = self._written_to
        Checkpoint.of(
            architecture,
            self.job.model,
            self.job.optimizer,
            self.training.state(),
            stopped=self.stopped_early,
        ).save(folder.last)
        self._saved_at = time.monotonic()

    def zero_small(self) -> Zeroed:
        """Set small weights to exactly 0 where the objective does not increase; save the result.

        Raises:
            InputError: no regularizer is sparsifying.
            StorageError: the file cannot be written.
        """
        zeroed = zero_small(
            self.job.model, *self.job.data.training, regularizers=self.job.regularizers
        )
        if self.folder is not None:
            self._save_model(self.folder.zeroed, self.training.epoch)
        return zeroed

    def _judge(self, record: Record) -> None:
        if record.validation is None or record.epoch % self.training.plan.log_every:
            return
        loss = record.validation.data_loss
        self.by_penalized_loss.see(record.epoch, loss + record.penalty)
        if self.by_data_loss.see(record.epoch, loss) and self.folder is not None:
            self._save_model(self.folder.best, record.epoch)

    def _save_model(self, path: Path, epoch: int) -> None:
        _, architecture = self._written_to
        Checkpoint.of_model(architecture, self.job.model, epoch).save(path)
