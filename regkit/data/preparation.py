"""How a table becomes what a network takes: fitted on training rows, and kept with the model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, get_args

import numpy as np
from numpy.typing import DTypeLike, NDArray

from regkit.data.column import Column
from regkit.data.inputs import Imputation, Input
from regkit.data.load import load
from regkit.data.table import Table, listed
from regkit.data.task import Task
from regkit.data.usable import (
    require_finite,
    require_target,
    require_usable_inputs,
    require_values,
)
from regkit.errors import DataError

Array = NDArray[Any]
Label = bool | int | float | str


@dataclass(frozen=True)
class Preparation:
    """What the training rows taught about turning a table into X and y.

    Attributes:
        task: "classification" or "regression".
        target: the name of the target's column.
        classes: the labels by class number; empty for regression.
        inputs: the columns that go into X, in its order.
    """

    task: Task
    target: str
    classes: tuple[Label, ...]
    inputs: tuple[Input, ...]

    @classmethod
    def fit(
        cls,
        table: Table,
        *,
        task: Task,
        standardize: bool = False,
        impute: Imputation | None = None,
    ) -> Self:
        """Learn from training rows.

        A column of numbers goes into X as it is, or with `standardize` as (x − mean) / standard
        deviation (that of a constant column is taken for 1). A column of text becomes a column of
        0 and 1 for each category. Categories are those of the whole table that the training rows
        were taken from; everything else is learned from the training rows alone. The target is
        never scaled: the strength of a penalty is weighed against the data loss as it stands.

        Args:
            table: the training rows, with a target.
            task: what `resolve_task` returned.
            standardize: whether to scale columns of numbers.
            impute: what becomes of missing values; None to refuse them. In columns of text, "mean"
                and "median" stand for the most frequent category too.

        Raises:
            DataError: a value is missing or infinite, or a column cannot be used.
        """
        if impute is not None and impute not in get_args(Imputation):
            raise DataError(f"impute must be one of {listed(get_args(Imputation))}, got {impute!r}")
        target = table.target_column()
        require_usable_inputs(table, filled=impute is not None)
        with _naming(table):
            inputs = tuple(
                Input.fit(table.column(name), standardize=standardize, impute=impute)
                for name in table.inputs()
            )
        return cls(
            task, target.name, tuple(target.labels) if task == "classification" else (), inputs
        )

    @property
    def features(self) -> list[str]:
        """The names of X's columns: `age`, and for a category `colour=red`."""
        return [name for one in self.inputs for name in one.features]

    @property
    def n_outputs(self) -> int:
        """The outputs of a network for the task: one a class, or a single number."""
        return len(self.classes) if self.task == "classification" else 1

    def transform(self, source: Any, dtype: DTypeLike = np.float64) -> Array:
        """X, (rows, features). Columns are found by name; those that training had not are ignored.

        Args:
            source: a table, or what `load` takes.
            dtype: of X.

        Raises:
            DataError: a column is not there, or holds other values than in training: text for
                numbers, an unknown category, a missing value where none is filled in, or a number
                that is not finite in `dtype`.
        """
        table = source if isinstance(source, Table) else load(source)
        columns = [
            table.column(one.name) if one.categories is None else table.as_text(one.name)
            for one in self.inputs
        ]
        pairs = list(zip(self.inputs, columns, strict=True))
        require_values(table.source, [column for one, column in pairs if one.fill is None])
        require_finite(table.source, columns)
        X = np.empty((len(table), len(self.features)), dtype)
        start = 0
        with _naming(table):
            for one, column in pairs:
                stop = start + len(one.features)
                one.encode(column, X[:, start:stop])
                start = stop
        return X

    def targets(self, source: Any) -> Array:
        """The target, (rows,): class numbers, or numbers.

        Args:
            source: a table, or what `load` takes.

        Raises:
            DataError: the target's column is not there, or a value in it is missing, infinite, not
                a number, or a class that training had not.
        """
        table = source if isinstance(source, Table) else load(source)
        texts = bool(self.classes) and isinstance(self.classes[0], str)
        target = table.as_text(self.target) if texts else table.column(self.target)
        require_target(table.source, target)
        with _naming(table):
            if self.task == "classification":
                return self._class_numbers(target)
            numbers = np.empty((len(table), 1))
            Input(self.target).encode(target, numbers)
            return numbers[:, 0]

    def labels(self, class_numbers: Array) -> Array:
        """The labels, as they came in, that class numbers stand for."""
        return np.array(self.classes)[class_numbers]

    def to_json(self) -> str:
        """The preparation as JSON."""
        import msgspec

        return msgspec.json.format(msgspec.json.encode(self), indent=1).decode()

    @classmethod
    def from_json(cls, text: str, source: str = "the preparation") -> Self:
        """Read what `to_json` wrote.

        Raises:
            DataError: the text is something else, or damaged.
        """
        import msgspec

        try:
            found = msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise DataError(f"{source} cannot be read: {error}") from error
        fault = found._fault()
        if fault:
            raise DataError(f"{source} cannot be used: {fault}")
        return found

    def _class_numbers(self, target: Column) -> Array:
        number_of: dict[Any, int] = {label: number for number, label in enumerate(self.classes)}
        unknown = [label for label in target.labels if label not in number_of]
        if unknown:
            raise DataError(
                f"target {target.name!r} holds {listed(unknown)}, unknown from training: "
                f"the classes are {listed(self.classes)}"
            )
        _, positions = np.unique(target.values, return_inverse=True)
        return np.array([number_of[label] for label in target.labels])[positions]

    def _fault(self) -> str | None:
        """What is wrong with a preparation that was read from a file."""
        names = [self.target, *(one.name for one in self.inputs)]
        if not self.inputs or len(set(names)) < len(names):
            return "there must be columns, each with a name of its own"
        kinds = {type(label) for label in self.classes}
        if len(kinds) > 1 or len(set(self.classes)) < len(self.classes):
            return "the classes must be different, and of one type"
        if bool(self.classes) != (self.task == "classification"):
            return f"{len(self.classes)} classes do not go with {self.task}"
        return next((fault for one in self.inputs if (fault := one.fault())), None)


@contextmanager
def _naming(table: Table) -> Iterator[None]:
    """Put the table's name before what is wrong with one of its columns."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{table.source}: {error}") from None
