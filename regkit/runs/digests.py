"""SHA-256 of what a run is made with and on: contents, files, arrays and data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.runs.prepared import DATA, TEST, VALIDATION, RunData
from regkit.storage import reason

TRAINING = "training"
PARTS = {TRAINING: "training rows", VALIDATION: "validation rows", TEST: "test rows"}
FILES = {DATA: "data file", VALIDATION: "validation file", TEST: "test file"}
"""What is hashed of the data, as messages call it: the arrays of each part, and the files."""


def data_digests(data: RunData) -> dict[str, str | None]:
    """The digests of the rows of each part and of the files, None where there is none.

    Raises:
        InputError: a file can no longer be read.
    """
    weights = () if data.sample_weight is None else (data.sample_weight,)
    arrays = {TRAINING: (*data.training, *weights), **data.held_out}
    return {
        **{
            title: digest_of_arrays(arrays[part]) if part in arrays else None
            for part, title in PARTS.items()
        },
        **{
            title: digest_of_files([data.files[part]]) if part in data.files else None
            for part, title in FILES.items()
        },
    }


def digest_of_files(paths: Sequence[Path]) -> str:
    """Of the files' contents, one after the other.

    Raises:
        InputError: a file cannot be read.
    """
    found = hashlib.sha256()
    for path in paths:
        try:
            found.update(path.read_bytes())
        except OSError as error:
            raise InputError(f"{path} cannot be read: {reason(error)}") from error
    return found.hexdigest()


def digest_of_arrays(arrays: Sequence[Array]) -> str:
    """Of type, shape and entries in C order, one array after the other."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(f"{array.dtype} {array.shape}".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
