"""The fields of whatever an entry point names: of a Regularizer, or of any class with the hooks."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, replace
from typing import Any, Literal, get_type_hints

from regkit.errors import FieldError
from regkit.regularizers import Configured
from regkit.regularizers.configured import OF_PENALTIES
from regkit.regularizers.field import Field
from regkit.regularizers.fields import fields_of, supported
from regkit.regularizers.file import File


def spec_fields(target: Any) -> tuple[Field, ...]:
    """The fields that a spec string may set; none for a ready plugin object."""
    if not isinstance(target, type):
        return ()
    if issubclass(target, Configured):
        return fields_of(target)
    hints = _hints(target)
    return tuple(
        _field(target, parameter, hints.get(parameter.name))
        for parameter in parameters_of(target).values()
        if parameter.name != "on"
    )


def taken_fields(target: Any) -> tuple[Field, ...]:
    """`spec_fields`, less the fields and choices that a penalty of this kind does not take."""
    fields = spec_fields(target)
    if not isinstance(target, type) or not issubclass(target, Configured):
        return fields
    if target.constraint:
        return tuple(field for field in fields if field.name not in OF_PENALTIES)
    taken = {"mode": Literal[target.modes], "scale": Literal[target.scales]}
    return tuple(replace(field, type=taken.get(field.name, field.type)) for field in fields)


def parameters_of(target: type) -> dict[str, inspect.Parameter]:
    """The named parameters with which a class is called; none if they cannot be read."""
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    try:
        parameters = inspect.signature(target).parameters
    except (TypeError, ValueError):
        return {}
    return {name: found for name, found in parameters.items() if found.kind not in variable}


def _hints(target: type) -> dict[str, Any]:
    initializer = inspect.getattr_static(target, "__init__")
    try:
        return get_type_hints(initializer) if inspect.isfunction(initializer) else {}
    except NameError:  # Imported for type checkers only: use the types of the defaults.
        return {}


def _field(target: type, parameter: inspect.Parameter, hint: Any) -> Field:
    """A field of a class that is not a Regularizer, from its `__init__`."""
    has_default = parameter.default is not parameter.empty
    default = parameter.default if has_default else MISSING
    for kind in (hint, type(default) if has_default else float):
        field = Field(target.__name__, parameter.name, kind, default)
        # A file would not be found on the object when a run is saved: only fields hold files.
        if field.has_known_type and field.kind is not File:
            return supported(field)
    raise FieldError(f"{target.__name__}: {parameter.name} has no type that a spec can hold")
