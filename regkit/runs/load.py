"""Loading what was saved: a model's file, or a run's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regkit.arguments import path as as_path
from regkit.data import Preparation
from regkit.errors import InputError
from regkit.nn.model_file import load_model
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config_file import config_from_file
from regkit.runs.folder import RunFolder
from regkit.runs.network import network
from regkit.runs.saved import SavedRun


def load(path: str | Path, *, weights: str | None = None, classes: Sequence[type] = ()) -> Any:
    """The model of a file that `Model.save` wrote, or the run of a folder that training wrote.

    Args:
        path: the file or the folder.
        weights: of a run: `"last"`, `"best"` (lowest validation data loss) or `"zeroed"` (after
            `--zero-small`); None for zeroed, best or last, whichever exists first.
        classes: layer and loss classes that are not regkit's.

    Returns:
        A `Model` for a file, a `SavedRun` for a folder.

    Raises:
        InputError: there is neither, a file is damaged or was changed, nothing was saved yet, or a
            class is not given.
    """
    if isinstance(classes, type):
        raise InputError(f"classes must be a list, such as [{classes.__name__}]")
    for one in classes:
        if not isinstance(one, type):
            raise InputError(f"classes must hold classes, got {one!r}")
    place = as_path("path", path)
    if not place.is_file():
        return load_run(place, weights=weights, classes=classes)
    if weights is not None:
        raise InputError(f"{path} is the file of one model: leave out weights={weights!r}")
    return load_model(place, classes)


def load_run(path: Path, *, weights: str | None = None, classes: Sequence[type] = ()) -> SavedRun:
    """The run of a folder; arguments and errors are those of `load`."""
    folder = RunFolder.existing(path)
    folder.require_intact()
    file = _weights(folder, weights)
    config = config_from_file(folder.config)
    preparation = Preparation.from_json(_read(folder.preparation), str(folder.preparation))
    checkpoint = Checkpoint.load(file, run=folder.identity)
    start = None
    if folder.start.exists():
        start = Checkpoint.load(folder.start, run=folder.identity)
    return SavedRun(
        folder.path,
        config,
        checkpoint.model(classes),
        preparation,
        file,
        checkpoint.epoch,
        network(config, preparation) if start is None else start.model(classes),
    )


def _weights(folder: RunFolder, wanted: str | None) -> Path:
    files = {"zeroed": folder.zeroed, "best": folder.best, "last": folder.last}
    if wanted is not None and wanted not in files:
        raise InputError(f"weights must be one of {', '.join(files)}, got {wanted!r}")
    for name in files if wanted is None else [wanted]:
        if files[name].exists() and not (name == "zeroed" and _is_stale(folder)):
            return files[name]
    if wanted == "zeroed" and not config_from_file(folder.config).zero_small:
        raise InputError(
            f"{folder.path} has no zeroed weights: it was trained without --zero-small"
        )
    missing = "no weights" if wanted is None else f"no {wanted} weights"
    raise InputError(f"{folder.path} holds {missing} yet: go on with `regkit resume {folder.path}`")


def _is_stale(folder: RunFolder) -> bool:
    """Whether the zeroed weights are not those of the last ones, which were trained further."""
    if not folder.last.exists():
        return False
    zeroed, last = (
        Checkpoint.load(path, run=folder.identity) for path in (folder.zeroed, folder.last)
    )
    return zeroed.epoch != last.epoch


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
