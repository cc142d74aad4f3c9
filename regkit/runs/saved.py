"""A trained model, loaded from a run's folder. No plugin is imported."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.data import Preparation, Table, read_table
from regkit.data.by_position import are_unnamed, by_position, with_known_columns
from regkit.data.column import array_column
from regkit.data.reading import is_npz
from regkit.errors import DataError, InputError, RegkitWarning
from regkit.nn.given_arrays import as_array
from regkit.nn.model import Model
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.evaluation import DetailedEvaluation, detailed_evaluation
from regkit.runs.events import trained_for
from regkit.runs.folder import RunFolder
from regkit.runs.ledger import Ledger, read_ledger
from regkit.runs.metrics import Metrics
from regkit.runs.prepared import RunData
from regkit.runs.table_parts import dialect_of
from regkit.training import Record


class SavedRun:
    """A run's model with the preparation of its inputs: names, categories, scales, labels.

    Attributes:
        path: the run's folder.
        config: its settings.
        model: its model, with the parameters of `weights`.
        preparation: how a table becomes inputs.
        weights: the file of the parameters.
        epoch: the number of epochs that they were trained for.
        untrained: the model before training.
    """

    def __init__(
        self,
        path: Path,
        config: Config,
        model: Model,
        preparation: Preparation,
        weights: Path,
        epoch: int,
        untrained: Model,
    ) -> None:
        self.path = path
        self.config = config
        self.model = model
        self.preparation = preparation
        self.weights = weights
        self.epoch = epoch
        self.untrained = untrained

    def __repr__(self) -> str:
        return f"<SavedRun {self.path}: {self.model!r}, {self.weights.name}>"

    @property
    def names(self) -> list[str]:
        """The names of the columns that the model takes, in order."""
        return [column.name for column in self.preparation.columns]

    @property
    def records(self) -> list[Record]:
        """The records of the run.

        Raises:
            InputError: the file of the records is damaged.
        """
        return Metrics(RunFolder(self.path).metrics).read()

    @property
    def ledger(self) -> Ledger | None:
        """What each penalty weighed where the training ended; None if it has not ended yet.

        Raises:
            InputError: its file is damaged, or another run's.
        """
        folder = RunFolder.existing(self.path)
        return read_ledger(folder.ledger, run=folder.identity)

    def data(self) -> RunData:
        """The data that the run was trained and validated on, drawn or read again.

        Raises:
            DataError: they cannot be read, or have changed since.
        """
        with warnings.catch_warnings():  # Training has told its doubts.
            warnings.simplefilter("ignore", RegkitWarning)
            data = run_data(self.config)
        if data.preparation != self.preparation:
            raise DataError(f"{self.config.data} has changed since the run was trained")
        return data

    def table(self, data: Any) -> Table:
        """A file, a frame, an array or a Table, read as the training data were.

        Columns are found by their names; those of an array, of a file without a header, or of a
        matrix in an NPZ file that has other names, by their positions.

        Raises:
            DataError: it cannot be read, or has another number of columns without names.
        """
        if isinstance(data, Table):
            return data
        table = read_table(data, dialect=dialect_of(self.config))
        if isinstance(data, np.ndarray | list | tuple):
            return by_position(table, self.names)
        target = self.preparation.target
        found = [name for name in table.columns if name != target]
        is_matrix = is_npz(data) and not set(self.names) <= table.columns.keys()
        if is_matrix or are_unnamed([*self.names, *found]):
            group = [] if self.config.group is None else [self.config.group]
            return with_known_columns(table, self.names, [target, *self.config.drop, *group])
        return table

    def predict(self, data: Any) -> Array:
        """The original labels, or numbers in the target's units, (n,).

        Args:
            data: a file, a frame, an array or a Table.

        Raises:
            InputError: the data do not have the columns that the model was trained with.
        """
        predicted = self.model.predict(self.preparation.transform(self.table(data)))
        return self.preparation.answers(predicted)

    def predict_proba(self, data: Any) -> Array:
        """Probabilities, (n, classes), in the order of `preparation.classes`.

        Raises:
            InputError: as for `predict`, or it is a regression model.
        """
        return self.model.predict_proba(self.preparation.transform(self.table(data)))

    def evaluate(self, data: Any, y: Any = None) -> DetailedEvaluation:
        """Data loss, accuracy or R², and what they are made of.

        Args:
            data: as for `predict`; it includes the target unless y is given.
            y: the target, (n,): labels, or numbers in the target's units.

        Raises:
            InputError: as for `predict`, or the target is missing or has unknown labels.
        """
        table = self.table(data)
        X = self.preparation.transform(table)
        return self.evaluate_prepared(X, self._targets(table, y))

    def evaluate_prepared(self, X: Array, y: Array) -> DetailedEvaluation:
        """`evaluate` for arrays that the preparation returned."""
        return detailed_evaluation(self.model, self.preparation, X, y)

    def _targets(self, table: Table, y: Any) -> Array:
        if y is None:
            return self.preparation.targets(table)
        given = as_array("y", y)
        if given.ndim == 2 and given.shape[1] > 1:
            return given  # The targets of several outputs are not prepared.
        if given.size != len(table):
            raise InputError(f"{table.source} has {len(table)} rows, but y has {given.size}")
        target = array_column(self.preparation.target, given.reshape(-1))
        return self.preparation.targets(Table("y", {target.name: target}, target.name))

    @property
    def weights_title(self) -> str:
        """Which weights these are, as in `the last weights, after 40 epochs`."""
        titles = {
            "best": "the best weights (lowest validation loss)",
            "zeroed": "the last weights with small ones at 0",
        }
        kind = self.weights.name.partition(".")[0]
        given = RunFolder(self.path).start.exists()
        if given and not self.epoch and kind in ("best", "last"):
            return "the weights as they were given"  # There are no others.
        return f"{titles.get(kind, f'the {kind} weights')}, {trained_for(self.epoch, given=given)}"

    @property
    def is_classifier(self) -> bool:
        """Whether the model predicts classes."""
        return self.preparation.task == "classification"
