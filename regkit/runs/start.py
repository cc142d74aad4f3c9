"""Starting a run in a folder, and reopening one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from regkit.errors import InputError, PluginError, UnknownRegularizerError
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file, toml_of
from regkit.runs.folder import RunFolder
from regkit.runs.job import Job, job
from regkit.runs.manifest import (
    differences,
    manifest_of,
    missing_plugins,
    read_manifest,
)
from regkit.runs.session import RunSession
from regkit.storage import write_whole
from regkit.training import Training


@contextmanager
def started(
    path: Path, made: Job, *, plugin_files: Sequence[Path], force: bool
) -> Iterator[RunSession]:
    """A new run in a folder, locked while the context lasts.

    The settings are written last, after everything else that a resumed run needs.

    Raises:
        InputError: the folder holds a run and `force` is False, or another training writes there.
        StorageError: the folder cannot be written to.
    """
    folder = RunFolder(path)
    folder.require_free(force=force)
    session = RunSession(made, folder)  # First: a rejected job must leave nothing behind.
    with folder.locked():
        folder.require_free(force=force)
        folder.clear()
        manifest = current_manifest(session.training, made, plugin_files)
        write_whole(folder.manifest, json.dumps(manifest, indent=2).encode())
        write_whole(folder.preparation, made.data.preparation.to_json().encode())
        if made.model_given:
            session.save_start()
        write_whole(folder.config, toml_of(_anywhere(made)).encode())
        yield session


@contextmanager
def reopened(
    path: Path,
    *,
    plugin_files: Sequence[Path],
    classes: Sequence[type],
    epochs: int | None,
    layer_classes: Sequence[type] = (),
) -> Iterator[tuple[RunSession, list[str]]]:
    """An existing run at its last checkpoint, and what has changed since.

    Args:
        path: the run's folder.
        plugin_files: the files that it was started with.
        classes: the regularizer classes in them.
        epochs: the total number of epochs; None for the run's own.
        layer_classes: layer classes that are not regkit's.

    Raises:
        InputError: there is no run, or it needs a plugin file that was not given.
        PluginError: it needs a distribution that is no longer installed.
    """
    folder = RunFolder.existing(path)
    with folder.locked():
        config = config_from_file(folder.config)
        if epochs is not None and epochs != config.epochs:
            config = replace_epochs(config, epochs)
        made, manifest = rebuilt(folder, config, plugin_files, classes, layer_classes)
        session = RunSession(made, folder)
        changes = differences(manifest, current_manifest(session.training, made, plugin_files))
        session.restore()
        if epochs is not None and not session.finished:
            write_whole(folder.config, toml_of(config).encode())
        yield session, changes


def _anywhere(made: Job) -> Config:
    """The settings with absolute paths, so that the run can be resumed from any folder."""
    config = made.config
    data = config.data if made.data.file is None else str(made.data.file.absolute())
    test = None if config.test is None else str(Path(config.test).absolute())
    return replace(config, data=data, test=test)


def replace_epochs(config: Config, epochs: int) -> Config:
    """The settings with more epochs.

    Raises:
        InputError: fewer than the run has.
    """
    if epochs < config.epochs:
        raise InputError(f"the run has {config.epochs} epochs: --epochs can only add to them")
    return replace(config, epochs=epochs)


def rebuilt(
    folder: RunFolder,
    config: Config,
    plugin_files: Sequence[Path],
    classes: Sequence[type],
    layer_classes: Sequence[type] = (),
) -> tuple[Job, dict[str, Any]]:
    """The job of an existing run, with its kernels, and its manifest.

    Raises:
        InputError: the run needs a plugin file that was not given.
        PluginError: the run needs a distribution that is no longer installed.
    """
    manifest = read_manifest(folder.manifest)
    absent = set(manifest["plugin_files"]) - {path.name for path in plugin_files}
    if absent:
        needed = " ".join(f"--plugin-file {name}" for name in sorted(absent))
        raise InputError(f"{folder.path} was trained with a plugin file: give {needed} again")
    model = Checkpoint.load(folder.start).model(layer_classes) if folder.start.exists() else None
    try:
        return job(replace(config, kernels=manifest["kernels"]), classes, model=model), manifest
    except UnknownRegularizerError as error:
        gone = missing_plugins(manifest)
        if not gone:
            raise
        raise PluginError(
            f"{folder.path} needs {', '.join(gone)}, which is not installed: {error}"
        ) from error


def current_manifest(training: Training, made: Job, plugin_files: Sequence[Path]) -> dict[str, Any]:
    """The manifest that the job would get in this process."""
    return manifest_of(
        made.config.reg,
        plugin_files,
        made.data.training,
        made.data.file,
        training.threads.number,
        training.kernels,
    )
