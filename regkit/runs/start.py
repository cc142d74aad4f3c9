"""Starting a run in a folder, and reopening one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from regkit.errors import InputError, PluginError, UnknownRegularizerError
from regkit.kernels.names import checked_name
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file, toml_of
from regkit.runs.copied_files import copied_files, with_copies
from regkit.runs.data import run_data
from regkit.runs.folder import RunFolder, digest
from regkit.runs.job import Job, job
from regkit.runs.manifest import differences, manifest_of, missing_plugins
from regkit.runs.manifest_file import Manifest, read_manifest, write_manifest
from regkit.runs.prepared import DATA, TEST, VALIDATION, RunData
from regkit.runs.same_data import require_same_data
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
    manifest = current_manifest(session.training, made, plugin_files)
    # Before the folder is cleared: they may be the copies of the run that is overwritten.
    copies = {one.name: one.content() for one in copied_files(made.config)}
    with folder.locked():
        folder.require_free(force=force)
        folder.clear()
        folder.identity = manifest["identity"]
        write_manifest(folder.manifest, manifest)
        write_whole(folder.preparation, _preparation_file(made))
        folder.write_copies(copies)
        if made.model_given:
            session.save_start()
        write_whole(folder.config, _settings_file(made))
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
        InputError: there is no run, its files or its data are not those of its start, or it needs
            a plugin file that was not given.
        PluginError: it needs a distribution that is no longer installed.
    """
    folder = RunFolder.existing(path)
    with folder.locked():
        folder.require_intact()
        before = config_from_file(folder.config)
        config = before if epochs is None else replace_epochs(before, epochs)
        manifest, data = read_manifest(folder.manifest), run_data(config)
        require_same_data(folder, data)
        made = rebuilt(folder, config, data, plugin_files, classes, layer_classes)
        session = RunSession(made, folder)
        changes = differences(manifest, current_manifest(session.training, made, plugin_files))
        session.restore()
        if config != before and not session.finished:
            _save_settings(folder, manifest, config)
        yield session, changes


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
    data: RunData,
    plugin_files: Sequence[Path],
    classes: Sequence[type],
    layer_classes: Sequence[type] = (),
) -> Job:
    """The job of an existing run, with its kernels.

    Raises:
        InputError: the run needs a plugin file that was not given.
        PluginError: the run needs a distribution that is no longer installed.
    """
    manifest = read_manifest(folder.manifest)
    absent = set(manifest["plugin_files"]) - {path.name for path in plugin_files}
    if absent:
        needed = " ".join(f"--plugin-file {name}" for name in sorted(absent))
        raise InputError(f"{folder.path} was trained with a plugin file: give {needed} again")
    model = None
    if folder.start.exists():
        model = Checkpoint.load(folder.start, run=folder.identity).model(layer_classes)
    config = replace(config, kernels=checked_name(manifest["kernels"]))
    try:
        return job(config, classes, data=data, model=model)
    except UnknownRegularizerError as error:
        gone = missing_plugins(manifest)
        if not gone:
            raise
        raise PluginError(
            f"{folder.path} needs {', '.join(gone)}, which is not installed: {error}"
        ) from error


def current_manifest(training: Training, made: Job, plugin_files: Sequence[Path]) -> Manifest:
    """The manifest that the job gets in this process, before its first step."""
    return manifest_of(
        made.config,
        made.data,
        settings_file=_settings_file(made),
        preparation_file=_preparation_file(made),
        plugin_files=plugin_files,
        start=made.model.parameters,
        threads=training.threads.number,
        kernels=training.kernels,
    )


def _save_settings(folder: RunFolder, manifest: Manifest, config: Config) -> None:
    """Replace the settings; the manifest seals old and new ones, so that a kill does no harm."""
    name, content = folder.config.name, toml_of(config).encode()
    sealed = [digest(folder.config.read_bytes()), digest(content)]
    write_manifest(folder.manifest, {**manifest, "files": {**manifest["files"], name: sealed}})
    write_whole(folder.config, content)


def _settings_file(made: Job) -> bytes:
    """With absolute paths and the copied files, so that the run can be resumed from any folder."""
    files = {part: str(path.absolute()) for part, path in made.data.files.items()}
    return toml_of(
        replace(
            with_copies(made.config),
            data=files.get(DATA, made.config.data),
            val_file=files.get(VALIDATION),
            test=files.get(TEST, made.config.test),
        )
    ).encode()


def _preparation_file(made: Job) -> bytes:
    return made.data.preparation.to_json().encode()
