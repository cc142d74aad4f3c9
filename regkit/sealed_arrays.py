"""Files of arrays and plain data, sealed by a checksum: safetensors, without pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.memory import require_memory
from regkit.storage import regular, write_whole

KEY = "regkit"
"""The one key of a file's metadata: safetensors does not keep the order of several."""

CHECKSUM = "sha256"


def write_sealed(path: Path, head: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write the arrays by name, and `head` as JSON in the file's metadata.

    The metadata hold a SHA-256 of both, which detects a damaged file.

    Raises:
        InputError: `path` is something else than a regular file.
        StorageError: it cannot be written; an earlier file is intact.
    """
    from safetensors.numpy import save

    # safetensors stores other memory orders wrongly without a word.
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    sealed = json.dumps({**head, CHECKSUM: _digest(head, contiguous)}, sort_keys=True)
    write_whole(path, save(contiguous, metadata={KEY: sealed}))


def read_sealed(path: Path, what: str, file_format: int) -> tuple[dict[str, Any], dict[str, Array]]:
    """The head and the arrays of a file that `write_sealed` wrote.

    Args:
        path: the file.
        what: its kind, for messages: `"a checkpoint"`.
        file_format: what its head must have under `format`.

    Raises:
        InputError: it does not exist, is damaged, or is of another kind or format.
    """
    sealed, arrays = _read(path)
    try:
        head = json.loads(sealed or "")
        if head.pop(CHECKSUM) != _digest(head, arrays):
            raise ValueError("its checksum does not match its contents")
        if head["format"] != file_format:
            raise ValueError(f"its format is {head['format']}, and this regkit reads {file_format}")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise not_readable(path, what, error) from error
    return head, arrays


def not_readable(path: Path, what: str, error: Exception) -> InputError:
    """The error about a file whose contents are not what they should be."""
    return InputError(f"{path} is not {what} of this regkit, or is damaged: {error}")


def _read(path: Path) -> tuple[str | None, dict[str, Array]]:
    from safetensors import SafetensorError, safe_open

    there = regular(path)
    if there is None:
        raise InputError(f"{path} does not exist")
    require_memory(f"{path}", there.st_size)
    try:
        with safe_open(path, framework="numpy") as file:
            sealed = (file.metadata() or {}).get(KEY)
            return sealed, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not a complete safetensors file: {error}") from error


def _digest(head: Mapping[str, Any], arrays: Mapping[str, Array]) -> str:
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()
