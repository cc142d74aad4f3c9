"""A run as the pictures see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.names import run_names, shortened
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import ARRAYS, Config
from regkit.runs.config_file import config_from_file
from regkit.runs.folder import RunFolder
from regkit.runs.load import load_run
from regkit.runs.metrics import Metrics
from regkit.runs.prepared import RunData
from regkit.runs.saved import SavedRun
from regkit.training import Record


@dataclass(frozen=True)
class DrawnRun:
    """What a run has recorded, and its model if it has saved one yet. No plugin is imported.

    Attributes:
        name: its title in a picture.
        path: its folder.
        history: its records.
        saved: its model, or None.
        config: its settings; None for a history, which has none.
    """

    name: str
    path: Path
    history: Curves
    saved: SavedRun | None
    config: Config | None = None

    @property
    def why_no_model(self) -> str | None:
        """Why there is no usable model; None if there is."""
        if self.saved is None:
            return "it has saved no weights yet"
        if not np.isfinite(self.saved.model.parameters).all():
            return "its weights are not finite: the training diverged"
        return None

    @property
    def best_epoch(self) -> int | None:
        """After how many epochs the best weights came, if it is these that the run has."""
        is_best = self.saved is not None and self.saved.weights == RunFolder(self.path).best
        return self.saved.epoch if self.saved is not None and is_best else None

    @cached_property
    def data(self) -> RunData:
        """What the model was trained and validated on, drawn or read again.

        Raises:
            InputError: nothing was saved yet, or the data are missing or have changed.
        """
        if self.saved is None:
            raise InputError(f"{self.path} has saved no weights yet")
        return self.saved.data()

    @cached_property
    def before_zeroing(self) -> Mapping[str, Array] | None:
        """The last weights by `layer.parameter`, where the model has them with small ones at 0.

        None where it has others, or where the last ones are gone.

        Raises:
            InputError: their file is damaged.
        """
        folder = RunFolder(self.path)
        if self.saved is None or self.saved.weights != folder.zeroed or not folder.last.exists():
            return None
        last = Checkpoint.load(folder.last, run=RunFolder.existing(self.path).identity)
        return last.parameters if last.epoch == self.saved.epoch else None

    @property
    def why_no_data(self) -> str | None:
        """Why its data cannot be had; None if they can."""
        try:
            _ = self.data
        except InputError as error:
            return str(error)
        return None


def drawn_runs(paths: Sequence[Path], *, weights: str | None) -> list[DrawnRun]:
    """The runs in these folders.

    Args:
        paths: the folders; a run may still be training.
        weights: as for `regkit.load`.

    Raises:
        InputError: a folder is given twice, or holds no run, no records, or a damaged file.
    """
    names = run_names(paths)
    return [
        drawn_run(path, shortened(name), weights) for path, name in zip(paths, names, strict=True)
    ]


def drawn_run(path: Path, name: str, weights: str | None) -> DrawnRun:
    """The run in a folder, under this title.

    Raises:
        InputError: the folder holds no run, no records, or a damaged file.
    """
    folder = RunFolder.existing(path)
    records = Metrics(folder.metrics).read()
    config = config_from_file(folder.config)
    require_records(records, folder, config)
    has_weights = any(one.exists() for one in (folder.last, folder.best, folder.zeroed))
    return DrawnRun(
        name,
        path,
        Curves.of(records, folder.metrics),
        load_run(path, weights=weights) if has_weights or weights is not None else None,
        config,
    )


def require_records(records: Sequence[Record], folder: RunFolder, config: Config) -> None:
    """Check that there is something to draw.

    Raises:
        InputError: there are no records: the run has no training, has not begun, or lost them.
    """
    path = folder.path
    if records:
        return
    if config.epochs == 0:
        raise InputError(f"{path} holds a model without a training of its own: nothing to plot")
    if not folder.last.exists():
        raise InputError(f"{path} holds no records yet: go on with `regkit resume {path}`")
    # What was trained cannot be recorded afterwards, so that resuming would not bring them back.
    again = (
        "train again with rk.train"
        if config.data == ARRAYS
        else f"make them again with `regkit train {folder.config} --out DIR`"
    )
    raise InputError(f"the records of {path} are missing: put {folder.metrics} back, or {again}")
