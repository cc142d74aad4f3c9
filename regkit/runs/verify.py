"""Replaying a run to verify that it gives the same results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config_file import config_from_file
from regkit.runs.data import run_data
from regkit.runs.folder import RunFolder
from regkit.runs.manifest import differences
from regkit.runs.manifest_file import read_manifest
from regkit.runs.metrics import Metrics, line_of
from regkit.runs.start import current_manifest, rebuilt


@dataclass(frozen=True)
class Verification:
    """The result of a replay.

    Attributes:
        records: how many records were compared.
        first_difference: the first epoch whose record differs or is missing, or None.
        parameters_differ: whether the parameters at the checkpoint differ though no record does.
        changed_files: the files of the run that are not what it wrote.
        changes: what else has changed since the run was made.
    """

    records: int
    first_difference: int | None
    parameters_differ: bool
    changed_files: list[str]
    changes: list[str]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.replayed and not self.changed_files

    @property
    def replayed(self) -> bool:
        """Whether records and parameters came out the same."""
        return self.first_difference is None and not self.parameters_differ


def verify(
    path: Path,
    *,
    plugin_files: Sequence[Path],
    classes: Sequence[type],
    layer_classes: Sequence[type] = (),
) -> Verification:
    """Replay a run from its start up to its last checkpoint; nothing is written.

    Arguments are those of `reopened`.

    Raises:
        InputError: there is no run, or its files are damaged.
        PluginError: it needs a plugin that is no longer installed.
    """
    folder = RunFolder.existing(path)
    changed_files = folder.changed_files()
    config = config_from_file(folder.config)
    made = rebuilt(folder, config, run_data(config), plugin_files, classes, layer_classes)
    recorded = Metrics(folder.metrics).read_lines()
    checkpoint = _checkpoints(folder).get(folder.last)
    training = made.set_up()
    changes = differences(
        read_manifest(folder.manifest), current_manifest(training, made, plugin_files)
    )
    last = checkpoint.epoch if checkpoint else max(recorded, default=-1) + 1
    compared = 0

    def stop_at_the_checkpoint() -> None:
        if training.epoch >= last:
            training.stop()

    training.after_epoch = stop_at_the_checkpoint
    for record in training.records() if last else ():
        compared += record.epoch in recorded
        # A record that is missing is a difference, too: it was made before the checkpoint.
        if recorded.get(record.epoch) != line_of(record):
            return Verification(compared, record.epoch, False, changed_files, changes)
    differ = checkpoint is not None and any(
        not np.array_equal(array, checkpoint.parameters[f"{layer.name}.{name}"])
        for layer in made.model.parameter_layers
        for name, array in layer.params.items()
    )
    return Verification(compared, None, differ, changed_files, changes)


def _checkpoints(folder: RunFolder) -> dict[Path, Checkpoint]:
    """All files of parameters, each intact and of this run."""
    return {
        path: Checkpoint.load(path, run=folder.identity)
        for path in (folder.last, folder.best, folder.zeroed)
        if path.exists()
    }
