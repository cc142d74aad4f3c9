"""`metrics.jsonl`: one line for each record, and nothing in it that depends on the clock."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from regkit.errors import InputError, StorageError
from regkit.nn.model import Evaluation
from regkit.runs.storage import write_whole
from regkit.training import Record


def line_of(record: Record) -> dict[str, Any]:
    """A record as it stands in the file."""
    return {
        "epoch": record.epoch,
        **scores(record),
        "loss": record.loss,
        "data_loss": record.data_loss,
        "penalty": record.penalty,
        "penalties": record.penalties,
        "layers": {label: dict(by_layer) for label, by_layer in record.layers.items()},
        "lr": record.lr,
        "gradient_norms": record.gradient_norms,
        "zeros": dict(record.zeros),
        "validation": None
        if record.validation is None
        else {**scores(record.validation), "data_loss": record.validation.data_loss},
    }


def scores(measured: Record | Evaluation) -> dict[str, float]:
    """The accuracy, or for regression the R², by its name."""
    both = {"accuracy": measured.accuracy, "r2": measured.r2}
    return {name: value for name, value in both.items() if value is not None}


class Metrics:
    """The file, appended to while a run goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, record: Record) -> None:
        """Add a record and see to it that it is on the disk.

        Raises:
            StorageError: it cannot be written; the file then ends with the record before.
        """
        text = json.dumps(line_of(record), ensure_ascii=False) + "\n"
        size = self.path.stat().st_size if self.path.exists() else 0
        try:
            with self.path.open("ab") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            os.truncate(self.path, size)
            raise StorageError(f"cannot write {self.path}: {error.strerror}") from error

    def read(self) -> list[dict[str, Any]]:
        """The lines; a last one that a kill cut short is left out.

        Raises:
            InputError: a line is no record.
        """
        if not self.path.exists():
            return []
        *whole, _ = self.path.read_bytes().split(b"\n")
        lines = []
        for number, text in enumerate(whole, start=1):
            try:
                line = json.loads(text)
                epoch_is_there = isinstance(line["epoch"], int)
            except (ValueError, TypeError, KeyError):
                epoch_is_there = False
            if not epoch_is_there:
                raise InputError(f"{self.path}, line {number} is not a record of a run")
            lines.append(line)
        return lines

    def cut(self, epoch: int, log_every: int) -> list[dict[str, Any]]:
        """Keep what an unbroken run has recorded when it enters `epoch`, and return that.

        The last record of a run that is now to go on further goes too, unless it was due anyway.

        Raises:
            InputError: a line is no record.
            StorageError: the file cannot be written.
        """
        kept = [
            line for line in self.read() if line["epoch"] < epoch and line["epoch"] % log_every == 0
        ]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept)
        write_whole(self.path, text.encode())
        return kept
