"""A table: named columns of equal length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from regkit.array_types import Array
from regkit.data.column import Column
from regkit.errors import DataError
from regkit.suggestions import did_you_mean


@dataclass(frozen=True)
class Table:
    """Named columns of equal length.

    Attributes:
        source: where the table comes from, for messages.
        columns: by name, in order.
        target: the name of the column to predict, or None if it is not known.
    """

    source: str
    columns: Mapping[str, Column]
    target: str | None = None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())).values)

    def __repr__(self) -> str:
        return f"<Table {self.source}: {len(self)} rows, {len(self.columns)} columns>"

    def column(self, name: str) -> Column:
        """The column with this name.

        Raises:
            DataError: there is none, or it cannot be used as it is.
        """
        found = self.columns.get(name)
        if found is None:
            raise DataError(f"{self.source} has no column {name!r}{self._hint(name)}")
        if found.fault is not None:
            raise DataError(f"{self.source}: {found.fault}")
        return found

    def as_text(self, name: str) -> Column:
        """The column with this name as categories, even if it holds numbers.

        Raises:
            DataError: there is none, or its values are neither numbers nor text.
        """
        if name not in self.columns:
            return self.column(name)
        try:
            return self.columns[name].as_text()
        except DataError as error:
            raise DataError(f"{self.source}: {error}") from None

    def input_names(self) -> list[str]:
        """The names of all columns except the target."""
        return [name for name in self.columns if name != self.target]

    def target_column(self) -> Column:
        """The column to predict.

        Raises:
            DataError: the target is not known, there is no such column, or it cannot be used.
        """
        if self.target is None:
            raise DataError(
                f"{self.source}: choose the column to predict with --target COLUMN; "
                f"there are {listed(self.columns)}"
            )
        return self.column(self.target)

    def without(self, names: Iterable[str]) -> Table:
        """The table without these columns.

        Raises:
            DataError: there is no such column.
        """
        unwanted = list(names)
        for name in unwanted:
            if name not in self.columns:
                self.column(name)
        kept = {name: one for name, one in self.columns.items() if name not in unwanted}
        if not kept:
            raise DataError(f"{self.source}: no column is left after dropping {listed(unwanted)}")
        return replace(self, columns=kept)

    def take(self, rows: Array) -> Table:
        """These rows of the table."""
        return replace(self, columns={name: one.take(rows) for name, one in self.columns.items()})

    def _hint(self, name: str) -> str:
        hint = did_you_mean(name, self.columns)
        there = f", {hint}" if hint else f": it has {listed(self.columns)}"
        if all(column.startswith("column_") for column in self.columns):
            there += "; its first row is taken as values: --header if it holds names"
        return there


def require_different(source: str, names: Sequence[str], hint: str = "") -> None:
    """Check that no name occurs twice.

    Raises:
        DataError: one does; the message ends in `hint`.
    """
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            f"{source}: column names occur twice or more, rename the duplicates: "
            f"{listed(twice)}{hint}"
        )


def listed(names: Iterable[object], most: int = 8) -> str:
    """`'a', 'b', 'c'`; beyond `most` names, only how many more there are."""
    given = list(names)
    shown = ", ".join(repr(name) for name in given[:most])
    return shown + (f" and {len(given) - most} more" if len(given) > most else "")
