"""A regularizer as a table: what a spec string says, and what it cannot hold.

    { name = "l2_sp", strength = 0.001, on = ["dense1.weights"], reference = "start.npz" }

The keys are `name` (or DISTRIBUTION/NAME) and the fields, `on` among them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from regkit.errors import FieldError, SpecError
from regkit.regularizers import selectors
from regkit.regularizers.file import File
from regkit.regularizers.inline_table import inline_table
from regkit.regularizers.spec import Spec, divided_name, parse

NAME = "name"
ON = "on"
EXAMPLE = '{ name = "l2", strength = 0.001, on = "dense1" }'


@dataclass(frozen=True)
class Table:
    """A regularizer's name, fields and selectors; values have their types, lists are tuples.

    `source` is the configuration file that it stands in, to whose folder its files are relative;
    None outside of one. It says nothing about the regularizer, so it is not compared.
    """

    name: str
    distribution: str | None = None
    values: tuple[tuple[str, Any], ...] = ()
    selectors: tuple[str, ...] | None = None
    source: Path | None = field(default=None, compare=False)

    @classmethod
    def of(cls, keys: Mapping[str, Any], source: Path | None = None) -> Table:
        """The table of these keys; those that are None are left out.

        Raises:
            SpecError: there is no name, or it is not a regularizer's.
            FieldError: a value is of a type that no field has, or `on` holds no selectors.
        """
        full_name = keys.get(NAME)
        if not isinstance(full_name, str):
            given = f"got {dict(keys)!r:.60}"
            raise SpecError(f"a regularizer's table needs a name, as in {EXAMPLE}; {given}")
        distribution, name = divided_name(full_name)
        on = keys.get(ON)
        return cls(
            name,
            distribution,
            tuple(
                (key, _frozen(full_name, key, value))
                for key, value in keys.items()
                if key not in (NAME, ON) and value is not None
            ),
            None if on is None else _selectors(full_name, on),
            source,
        )

    @property
    def full_name(self) -> str:
        """The name, with its distribution if one was given."""
        return f"{self.distribution}/{self.name}" if self.distribution else self.name

    @property
    def fields(self) -> Mapping[str, Any]:
        """The given fields, without `on`."""
        return dict(self.values)

    @property
    def files(self) -> tuple[File, ...]:
        """The files among the values."""
        return tuple(value for _, value in self.values if isinstance(value, File))

    def with_fields(self, **given: object) -> Table:
        """The same table with other values of some fields."""
        return replace(self, values=tuple({**self.fields, **given}.items()))

    def __str__(self) -> str:
        keys: dict[str, object] = {NAME: self.full_name, **self.fields}
        if self.selectors is not None:
            keys[ON] = self.selectors
        return inline_table(keys)


Entry = str | Table
"""A regularizer as settings hold it: a spec string or a table."""


def read(entry: str | Mapping[str, Any] | Table) -> Spec | Table:
    """A spec string, a table as text or as a mapping, read.

    Raises:
        SpecError: it is none of them.
        FieldError: as for `Table.of`.
    """
    if isinstance(entry, Table):
        return entry
    if isinstance(entry, Mapping):
        return Table.of(entry)
    if not isinstance(entry, str):
        raise SpecError(f"a spec must be text such as 'l2=0.001@dense1', got {entry!r}")
    if not entry.lstrip().startswith("{"):
        return parse(entry)
    import tomllib  # Its patterns are slow to compile.

    try:
        keys = tomllib.loads(f"table = {entry.strip()}")
    except (ValueError, RecursionError) as error:
        raise SpecError(
            f"spec {entry!r} is not an inline table of TOML, such as {EXAMPLE}: {error}"
        ) from None
    if not isinstance(keys["table"], dict) or len(keys) > 1:
        raise SpecError(f"spec {entry!r} is not one inline table of TOML, such as {EXAMPLE}")
    return Table.of(keys["table"])


def _selectors(name: str, on: object) -> tuple[str, ...]:
    try:
        return selectors.as_selectors(on)
    except FieldError as error:
        raise FieldError(f"{name}: {error}") from None


def _frozen(name: str, key: str, value: Any) -> Any:
    """The value, hashable and in Python's own types."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool | int | float | str | File):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, list | tuple):
        numbers = tuple(one.item() if hasattr(one, "item") else one for one in value)
        if all(isinstance(one, int | float) for one in numbers):
            return numbers
    raise FieldError(
        f"{name}: {key} must be text, a number, true or false, or a list of numbers, "
        f"got {value!r:.60}"
    )
