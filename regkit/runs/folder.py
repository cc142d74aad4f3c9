"""A run's folder: its files, its lock, its seals, and what is never overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from regkit.errors import InputError, StorageError
from regkit.runs.digests import digest_of_files
from regkit.runs.manifest_file import read_manifest
from regkit.storage import UNFINISHED, read_whole, reason, regular, write_whole

CONFIG = "config.toml"
PREPARATION = "preparation.json"
FILES = (
    CONFIG,
    "manifest.json",
    PREPARATION,
    "start.safetensors",
    "metrics.jsonl",
    "last.safetensors",
    "best.safetensors",
    "zeroed.safetensors",
    "ledger.json",
)
LOCK = ".lock"
COPIES = "files"
"""The folder of the copies of regularizers' files."""
PLOTS = "plots"
MOST_BYTES = 2**26
"""No preparation is larger."""


class RunFolder:
    """The files of one run.

    Attributes:
        identity: the digest of everything that the run was started with; each file of parameters
            holds it, too. It is empty until a manifest is written or read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / CONFIG
        self.manifest = path / "manifest.json"
        self.preparation = path / PREPARATION
        self.start = path / "start.safetensors"
        self.metrics = path / "metrics.jsonl"
        self.last = path / "last.safetensors"
        self.best = path / "best.safetensors"
        self.zeroed = path / "zeroed.safetensors"
        self.ledger = path / "ledger.json"
        self.identity = ""

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """The folder of an existing run.

        Raises:
            InputError: the folder holds no run, a file that is not a regular one, no manifest, or
                the files of another version.
        """
        folder = cls(path)
        if not path.is_dir():
            raise InputError(f"{path} is not the folder of a run: it does not exist")
        folder._require_regular_files()
        if not folder.holds_run:
            raise InputError(f"{path} is not the folder of a run: it has no config.toml")
        folder.identity = read_manifest(folder.manifest)["identity"]
        return folder

    @property
    def holds_run(self) -> bool:
        """Whether a run was started here; its settings are written last before it starts."""
        return regular(self.config) is not None

    def changed_files(self) -> list[str]:
        """Settings, preparation and copied files, as far as they are not what the run wrote.

        Raises:
            InputError: a file cannot be read.
        """
        sealed = read_manifest(self.manifest)["files"]
        changed = [
            path.name
            for path in (self.config, self.preparation)
            if digest(read_whole(path, most=MOST_BYTES)) not in sealed.get(path.name, ())
        ]
        copies = [name for name in sealed if name.startswith(f"{COPIES}/")]
        return changed + [
            name
            for name in copies
            if not (self.path / name).exists()
            or digest_of_files([self.path / name]) not in sealed[name]
        ]

    def require_intact(self) -> None:
        """Check that settings, preparation and copied files are what the run wrote.

        Raises:
            InputError: one was changed or cannot be read.
        """
        for name in self.changed_files():
            advice = (
                f"put it back, or start a new run with `regkit train {self.config} --out DIR`"
                if name == self.config.name
                else "put it back, or train again"
            )
            raise InputError(f"{self.path / name} is not what the run wrote: {advice}")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock out other trainings while this one writes; the system frees a killed one's lock.

        What a killed one left unfinished is removed.

        Raises:
            InputError: another training is writing to the folder, or a file of it is not regular.
            StorageError: the folder cannot be created.
        """
        from filelock import FileLock, Timeout

        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise StorageError(f"cannot create the folder {self.path}: {reason(error)}") from error
        self._require_regular_files()
        lock = FileLock(self.path / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise InputError(f"another training is writing to {self.path}") from error
        except (OSError, ValueError, NotImplementedError) as error:
            why = reason(error) if isinstance(error, OSError | ValueError) else str(error)
            raise StorageError(f"cannot write to {self.path}: {why}") from error
        try:
            with _saying_why(self.path):
                for left in self.path.glob(UNFINISHED):
                    left.unlink()
            yield
        finally:
            lock.release()

    def require_free(self, *, force: bool) -> None:
        """Check that a new run may be started here.

        Raises:
            InputError: the path is a file, or holds a run and `force` is False, or a file of it is
                not a regular one.
        """
        if self.path.exists() and not self.path.is_dir():
            raise InputError(f"{self.path} is a file, not a folder")
        self._require_regular_files()
        if self.holds_run and not force:
            raise InputError(
                f"{self.path} holds a run: go on with `regkit resume {self.path}`, "
                "choose another folder, or overwrite it with --force"
            )

    def clear(self) -> None:
        """Remove an earlier run's files, its settings first, so that no partial run is resumed.

        Raises:
            StorageError: a file cannot be removed.
        """
        with _saying_why(self.path):
            for name in FILES:
                (self.path / name).unlink(missing_ok=True)
            for suffix in ("png", "svg"):
                for picture in (self.path / PLOTS).glob(f"*.{suffix}"):
                    picture.unlink()
            for copy in self._copies():
                copy.unlink()

    def write_copies(self, contents: Mapping[str, bytes]) -> None:
        """Write the copies of regularizers' files, by their names in the folder.

        Raises:
            StorageError: one cannot be written.
        """
        if contents:
            with _saying_why(self.path):
                (self.path / COPIES).mkdir(exist_ok=True)
        for name, content in contents.items():
            write_whole(self.path / name, content)

    def _copies(self) -> list[Path]:
        return sorted((self.path / COPIES).glob("*.np[yz]"))

    def _require_regular_files(self) -> None:
        """Nothing in a run's folder leads out of it, or waits for somebody."""
        for name in (PLOTS, COPIES):
            if (self.path / name).is_symlink():
                raise InputError(f"{self.path / name} is a symbolic link, not a folder")
        for path in (*(self.path / name for name in (*FILES, LOCK)), *self._copies()):
            regular(path)


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _saying_why(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write to {path}: {reason(error)}") from error
