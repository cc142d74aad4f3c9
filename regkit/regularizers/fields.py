"""The fields of a regularizer's class, and the errors that list them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Hashable
from dataclasses import MISSING
from typing import Any, cast, get_type_hints

from regkit.errors import FieldError
from regkit.regularizers.field import Field
from regkit.regularizers.spec import is_speccable
from regkit.suggestions import did_you_mean

SHARED = ("mode", "schedule", "scale", "label")
"""Fields of every regularizer, besides `strength` and `on`."""


def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a regularizer class, in order, without `on` (which is not a FIELD of a spec).

    Raises:
        FieldError: no field can have the type, or it cannot be resolved.
    """
    return _fields_of(cast("Hashable", cls))


# Type hints are slow to resolve, and every construction and every spec string needs them.
@functools.cache
def _fields_of(cls: Any) -> tuple[Field, ...]:
    try:
        hints = get_type_hints(cls)
    except NameError as error:
        raise FieldError(f"{cls.__name__}: the type of a field is not imported: {error}") from error
    return tuple(
        supported(Field(cls.__name__, field.name, hints[field.name], field.default))
        for field in dataclasses.fields(cls)
        if field.name != "on"
    )


def unknown_field(owner: str, name: str, fields: tuple[Field, ...]) -> FieldError:
    """The error for an unknown field, which lists the known ones; the shared ones by name only."""
    meant = did_you_mean(name, (field.name for field in fields))
    hint = f", {meant}" if meant else ""
    own = ", ".join(_described(field) for field in fields if field.name not in SHARED)
    shared = ", ".join(field.name for field in fields if field.name in SHARED)
    known = "; ".join(filter(None, (own, shared and f"of every regularizer: {shared}")))
    return FieldError(f"{owner} has no field {name!r}{hint} (its fields: {known or 'none'})")


def supported(field: Field) -> Field:
    """The field, if its type is one of those that a field can have.

    Raises:
        FieldError: it is not, or a spec string could not hold one of the choices.
    """
    if not field.has_known_type:
        raise FieldError(
            f"{field.owner}: field {field.name!r} is a {field.type!r}; a field must be a float, "
            "int, bool, str, Literal, tuple[float, ...], tuple[int, ...] or regkit.File"
        )
    if field.is_optional and field.default not in (None, MISSING):
        raise FieldError(
            f"{field.owner}: field {field.name!r} may be None, so None must be its default: a spec "
            "has no other way to say it"
        )
    for choice in field.choices:
        if not is_speccable(choice):
            raise FieldError(
                f"{field.owner}: {field.name}={choice!r} may not contain ',', '=' or '@', "
                "nor begin or end with a space"
            )
    return field


def _described(field: Field) -> str:
    default = "" if field.default is MISSING else f" = {field.default!r}"
    return f"{field.name}: {field.type_name}{default}"
