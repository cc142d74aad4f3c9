"""The file `manifest.json`: its parts, and how it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from regkit.about import __version__
from regkit.errors import InputError
from regkit.storage import read_whole, write_whole

FORMAT = 3
"""The format of a run's files, as the manifest states it; regkit 0.1 stated none."""

MOST_BYTES = 2**24
"""No manifest is larger."""


class Manifest(TypedDict):
    """What a run was made with and on. Digests are SHA-256.

    `identity` is the digest of what determines the run's results; every file of parameters holds
    it. `files` are the digests of the settings, the preparation and the copies of regularizers'
    files; there are two of the settings where `resume --epochs` changed them. `data` are the
    digests of the rows of each part and of the files that they came from, None where there is none.
    """

    format: int
    identity: str
    files: dict[str, list[str]]
    versions: dict[str, str]
    code: str
    blas: dict[str, str | int | None]
    kernels: str
    plugins: dict[str, dict[str, str] | None]
    plugin_files: dict[str, str]
    data: dict[str, str | None]


def read_manifest(path: Path) -> Manifest:
    """The manifest in a run's folder.

    Raises:
        InputError: it is missing or damaged, or of another format.
    """
    import msgspec

    content = read_whole(path, most=MOST_BYTES)
    try:
        plain = json.loads(content)
        _require_known_format(path, plain)
        return msgspec.convert(plain, Manifest)
    except InputError:
        raise
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise InputError(f"{path} is not the manifest of a run, or is damaged: {error}") from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write the file atomically.

    Raises:
        StorageError: it cannot be written.
    """
    write_whole(path, json.dumps(manifest, indent=2).encode())


def _require_known_format(path: Path, plain: object) -> None:
    """Name the version that can read the run, where the manifest says which."""
    versions = plain.get("versions") if isinstance(plain, dict) else None
    version = versions.get("regkit") if isinstance(versions, dict) else None
    if isinstance(plain, dict) and version is not None and plain.get("format") != FORMAT:
        raise InputError(
            f"{path.parent} was made by regkit {version}, and regkit {__version__} cannot read "
            f"its files: train it again, or install regkit-nn=={version}"
        )
