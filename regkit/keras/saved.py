"""A regularizer as it is saved in a model: a table of its name and all its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from regkit.catalogue.origin import named_by
from regkit.catalogue.resolve import regularizer
from regkit.errors import UnknownRegularizerError
from regkit.regularizers import Configured
from regkit.regularizers.fields import fields_of
from regkit.regularizers.file import File
from regkit.regularizers.naming import snake_case
from regkit.regularizers.table import NAME, ON

CLASS = "class"
"""The key of the class's name, where it is of no installed plugin."""


def saved(penalty: Configured) -> dict[str, Any]:
    """The table, of plain values."""
    cls = type(penalty)
    offer = named_by(penalty)
    table: dict[str, Any] = {NAME: snake_case(cls.__name__) if offer is None else offer.spec_name}
    if offer is None:
        table[CLASS] = cls.__name__
    values = {field.name: getattr(penalty, field.name) for field in fields_of(cls)}
    values[ON] = penalty.selectors
    return table | {key: _plain(value) for key, value in values.items() if value is not None}


def restored(table: Mapping[str, Any]) -> Any:
    """The regularizer of such a table.

    Raises:
        UnknownRegularizerError: its class is of no plugin, and was not handed over.
        InputError: it cannot be configured.
    """
    keys = dict(table)
    name = keys.pop(CLASS, None)
    if name is None:
        return regularizer(keys)
    found = keras.saving.get_registered_object(name)
    if found is None:
        raise UnknownRegularizerError(
            f"the model was saved with {name}, a regularizer of no installed plugin: load it with "
            f"custom_objects={{{name!r}: {name}}}"
        )
    return regularizer(keys, classes=[found])


def _plain(value: Any) -> Any:
    if isinstance(value, File):
        return str(File(value.path.absolute(), value.name))
    return list(value) if isinstance(value, tuple) else value
