"""Turning tables into X and y: fitted on the training rows, and saved with the model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self, get_args

import numpy as np
from numpy.typing import DTypeLike

from regkit.array_types import Array
from regkit.data.column import Column
from regkit.data.input_column import Imputation, InputColumn, Unknown
from regkit.data.reading import read_table
from regkit.data.requirements import (
    require_finite,
    require_target,
    require_usable_inputs,
    require_values,
)
from regkit.data.table import Table, listed
from regkit.data.task import Task
from regkit.errors import DataError

Label = bool | int | float | str


@dataclass(frozen=True)
class Preparation:
    """How a table is turned into X and y, learned from the training rows.

    Attributes:
        task: "classification" or "regression".
        target: the name of the target column.
        classes: the labels by class number; empty for regression.
        columns: the columns that are encoded in X, in order.
        target_mean: subtracted from the target of a regression.
        target_scale: the target is then divided by it; above 0.
    """

    task: Task
    target: str
    classes: tuple[Label, ...]
    columns: tuple[InputColumn, ...]
    target_mean: float = 0.0
    target_scale: float = 1.0

    @classmethod
    def fit(
        cls,
        table: Table,
        *,
        task: Task,
        standardize: bool = False,
        impute: Imputation | None = None,
        unknown: Unknown = "error",
    ) -> Self:
        """Learn from the training rows.

        A column of numbers is a column of X, with `standardize` as (x − mean) / standard deviation
        (1 for a constant column). A column of text is one-hot: a column of X for each category.
        Categories, like everything else, are learned from the training rows alone. With
        `standardize` the target of a regression is scaled like a column of numbers, so that the
        same settings and strengths fit a target of any size.

        Args:
            table: the training rows, with a target.
            task: what `resolve_task` returned.
            standardize: whether to scale columns of numbers, and the target of a regression.
            impute: how missing values are filled in; None to refuse them. For a column of text all
                three mean the most frequent category.
            unknown: what becomes of a category that the table does not have: `"error"`, or with
                `"ignore"` zeros in all columns of X that stand for categories.

        Raises:
            DataError: `impute` is unknown, a value is missing or infinite, or a column cannot be
                used.
        """
        if impute is not None and impute not in get_args(Imputation):
            raise DataError(f"impute must be one of {listed(get_args(Imputation))}, got {impute!r}")
        if unknown not in get_args(Unknown):
            raise DataError(f"unknown must be one of {listed(get_args(Unknown))}, got {unknown!r}")
        target = table.target_column()
        require_usable_inputs(table, filled=impute is not None)
        with _naming(table):
            columns = tuple(
                InputColumn.fit(
                    table.column(name), standardize=standardize, impute=impute, unknown=unknown
                )
                for name in table.input_names()
            )
            if task == "classification":
                return cls(task, target.name, tuple(target.labels), columns)
            scaled = InputColumn.fit(target, standardize=standardize, impute=None)
        return cls(task, target.name, (), columns, scaled.mean, scaled.scale)

    def lenient(self) -> Self:
        """The preparation that makes zeros of categories that training did not see."""
        columns = tuple(replace(column, unknown="ignore") for column in self.columns)
        return replace(self, columns=columns)

    def unseen(self, table: Table) -> dict[str, list[Any]]:
        """The categories that training did not see, by column."""
        found = {
            one.name: one.unseen(table.as_text(one.name))
            for one in self.columns
            if one.categories is not None
        }
        return {name: labels for name, labels in found.items() if labels}

    @property
    def features(self) -> list[str]:
        """The names of the columns of X, such as `age`, or `colour=red` for a category."""
        return [name for one in self.columns for name in one.features]

    @property
    def n_outputs(self) -> int:
        """The number of outputs of a network, one for each class, or 1 for regression."""
        return len(self.classes) if self.task == "classification" else 1

    def transform(self, source: Any, dtype: DTypeLike = np.float64) -> Array:
        """X, (rows, features). Columns are found by name; additional ones are ignored.

        Args:
            source: a table, or what `read_table` takes.
            dtype: of X.

        Raises:
            DataError: a column is absent, or holds text instead of numbers, an unknown category, a
                missing value that is not filled in, or a number that is not finite in `dtype`.
        """
        table = source if isinstance(source, Table) else read_table(source)
        found = [
            table.column(one.name) if one.categories is None else table.as_text(one.name)
            for one in self.columns
        ]
        pairs = list(zip(self.columns, found, strict=True))
        require_values(table.source, [column for one, column in pairs if one.fill is None])
        require_finite(table.source, found)
        X = np.empty((len(table), len(self.features)), dtype)
        start = 0
        with _naming(table):
            for one, column in pairs:
                stop = start + len(one.features)
                one.encode(column, X[:, start:stop])
                start = stop
        return X

    def targets(self, source: Any) -> Array:
        """The target, (rows,): class numbers, or for regression (value − mean) / scale.

        Args:
            source: a table, or what `read_table` takes.

        Raises:
            DataError: the target column is absent, or a value in it is missing, infinite, not a
                number, or an unknown class.
        """
        table = source if isinstance(source, Table) else read_table(source)
        texts = bool(self.classes) and isinstance(self.classes[0], str)
        target = table.as_text(self.target) if texts else table.column(self.target)
        require_target(table.source, target)
        with _naming(table):
            if self.task == "classification":
                return self._class_numbers(target)
            numbers = np.empty((len(table), 1))
            scaled = InputColumn(self.target, mean=self.target_mean, scale=self.target_scale)
            scaled.encode(target, numbers)
            return numbers[:, 0]

    def answers(self, predicted: Array) -> Array:
        """A model's predictions as the training table has them: labels, or numbers in its units."""
        if self.task == "classification":
            return np.array(self.classes)[predicted]
        return np.asarray(predicted, dtype=np.float64) * self.target_scale + self.target_mean

    def to_json(self) -> str:
        """The preparation as JSON."""
        import msgspec

        return msgspec.json.format(msgspec.json.encode(self), indent=1).decode()

    @classmethod
    def from_json(cls, text: str, source: str = "the preparation") -> Self:
        """Read what `to_json` wrote.

        Raises:
            DataError: the text is not a preparation, or damaged.
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
        """What is wrong with it, where it was read from a damaged file; otherwise None."""
        names = [self.target, *(one.name for one in self.columns)]
        if not self.columns or len(set(names)) < len(names):
            return "there must be at least one column, and all names must be distinct"
        kinds = {type(label) for label in self.classes}
        if len(kinds) > 1 or len(set(self.classes)) < len(self.classes):
            return "the classes must be distinct and of one type"
        if bool(self.classes) != (self.task == "classification"):
            return f"the number of classes does not fit {self.task}, got {len(self.classes)}"
        if not self.target_scale > 0:
            return f"the scale of the target {self.target!r} must be above 0"
        return next((fault for one in self.columns if (fault := one.fault())), None)


@contextmanager
def _naming(table: Table) -> Iterator[None]:
    """Put the table's name in front of errors about its columns."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{table.source}: {error}") from None
