"""A run's folder: its files, its lock, and what is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regkit.about import __version__
from regkit.errors import InputError, StorageError

FILES = (
    "config.toml",
    "manifest.json",
    "preparation.json",
    "start.safetensors",
    "metrics.jsonl",
    "last.safetensors",
    "best.safetensors",
    "zeroed.safetensors",
)
FORMAT = 2
"""The format of a run's files, as the manifest states it; regkit 0.1 stated none."""

LOCK = ".lock"
PLOTS = "plots"


class RunFolder:
    """The files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.toml"
        self.manifest = path / "manifest.json"
        self.preparation = path / "preparation.json"
        self.start = path / "start.safetensors"
        self.metrics = path / "metrics.jsonl"
        self.last = path / "last.safetensors"
        self.best = path / "best.safetensors"
        self.zeroed = path / "zeroed.safetensors"

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """The folder of an existing run.

        Raises:
            InputError: the folder holds no run.
        """
        folder = cls(path)
        if not path.is_dir():
            raise InputError(f"{path} is not the folder of a run: it does not exist")
        if not folder.holds_run:
            raise InputError(f"{path} is not the folder of a run: it has no config.toml")
        folder._require_known_format()
        return folder

    @property
    def holds_run(self) -> bool:
        """Whether a run was started here: its settings are written last before it starts."""
        return self.config.is_file()

    def _require_known_format(self) -> None:
        """An unreadable manifest is reported only when it is needed."""
        try:
            manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
            found, version = manifest.get("format"), manifest["versions"]["regkit"]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return
        if found != FORMAT:
            raise InputError(
                f"{self.path} was made by regkit {version}, and regkit {__version__} cannot read "
                f"its files: train it again, or install regkit-nn=={version}"
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock out other trainings while this one writes; the system frees a killed one's lock.

        Raises:
            InputError: another training is writing to the folder.
            StorageError: the folder cannot be created.
        """
        from filelock import FileLock, Timeout

        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"cannot create the folder {self.path}: {error.strerror}") from error
        lock = FileLock(self.path / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise InputError(f"another training is writing to {self.path}") from error
        except OSError as error:
            raise StorageError(f"cannot write to {self.path}: {error.strerror}") from error
        try:
            yield
        finally:
            lock.release()

    def require_free(self, *, force: bool) -> None:
        """Check that a new run may be started here.

        Raises:
            InputError: the path is a file, or holds a run and `force` is False.
        """
        if self.path.exists() and not self.path.is_dir():
            raise InputError(f"{self.path} is a file, not a folder")
        if self.holds_run and not force:
            raise InputError(
                f"{self.path} holds a run: go on with `regkit resume {self.path}`, "
                "choose another folder, or overwrite it with --force"
            )

    def clear(self) -> None:
        """Remove an earlier run's files, its settings first, so that no partial run is resumed."""
        for name in FILES:
            (self.path / name).unlink(missing_ok=True)
        for suffix in ("png", "svg"):
            for picture in (self.path / PLOTS).glob(f"*.{suffix}"):
                picture.unlink()
