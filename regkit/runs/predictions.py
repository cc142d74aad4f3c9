"""Predictions as columns, and the files that hold them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.data.optional_modules import optional_module
from regkit.errors import InputError
from regkit.runs.saved import SavedRun
from regkit.storage import write_whole

Columns = Mapping[str, Array]

SUFFIXES = (".csv", ".parquet", ".jsonl")


def predictions(saved: SavedRun, data: Any, *, proba: bool = False) -> dict[str, Array]:
    """Predictions for each row of the data, in order.

    Args:
        saved: the model.
        data: anything that `saved.predict` takes.
        proba: whether to add a column `probability_<label>` for each class.

    Returns:
        Columns of shape (n,): `prediction`, the original labels or numbers, and the
        probabilities.

    Raises:
        InputError: the data do not fit the model, a prediction is not finite, or `proba` is
            given for a regression model.
    """
    if proba and not saved.is_classifier:
        raise InputError(f"{saved.path} holds a regression model, which has no probabilities")
    table = saved.table(data)
    # Overflow is found below, and its row named.
    with np.errstate(over="ignore", invalid="ignore"):
        columns = {"prediction": saved.predict(table)}
        if proba:
            by_class = zip(saved.preparation.classes, saved.predict_proba(table).T, strict=True)
            columns |= {f"probability_{label}": column for label, column in by_class}
    for column in columns.values():
        if column.dtype.kind == "f" and not np.isfinite(column).all():
            row = int(np.argmin(np.isfinite(column))) + 1
            raise InputError(
                f"{table.source}: the prediction for row {row} is not finite: its numbers are "
                "far beyond those of training"
            )
    return columns


def json_lines(columns: Columns) -> Iterator[str]:
    """One JSON object per row, with its newline."""
    for row in zip(*(column.tolist() for column in columns.values()), strict=True):
        yield json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n"


class PredictionFile:
    """A `.csv`, `.parquet` or `.jsonl` file to write.

    Raises:
        InputError: the suffix is unknown, the file exists and `force` is False, or polars, which
            writes CSV and Parquet, is not installed.
    """

    def __init__(self, path: Path, *, force: bool = False) -> None:
        self.path = path
        self._suffix = path.suffix.lower()
        if self._suffix not in SUFFIXES:
            raise InputError(f"{path} must end in one of {', '.join(SUFFIXES)}")
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a file")
        if path.exists() and not force:
            raise InputError(f"{path} exists: choose another file, or overwrite it with --force")
        self._polars = None if self._suffix == ".jsonl" else optional_module("polars", str(path))

    def write(self, columns: Columns) -> None:
        """Write the file atomically.

        Raises:
            StorageError: it cannot be written; an earlier file is intact.
        """
        write_whole(self.path, self._content(columns))

    def _content(self, columns: Columns) -> bytes:
        if self._polars is None:
            return "".join(json_lines(columns)).encode()
        frame = self._polars.DataFrame(dict(columns))
        buffer = BytesIO()
        if self._suffix == ".csv":
            frame.write_csv(buffer)
        else:
            frame.write_parquet(buffer)
        return buffer.getvalue()
