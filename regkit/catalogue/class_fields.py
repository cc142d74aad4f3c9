"""The fields of whatever an entry point names: of a Regularizer, or of any class with the hooks."""

from __future__ import annotations

import inspect
from typing import Any, Literal, get_origin, get_type_hints

from regkit.errors import FieldError
from regkit.regularizers import Regularizer
from regkit.regularizers.fields import TYPES, Field, fields_of


def spec_fields(target: Any) -> tuple[Field, ...]:
    """The fields that a spec string may set; none for a ready plugin object."""
    if not isinstance(target, type):
        return ()
    if issubclass(target, Regularizer):
        return fields_of(target)
    hints = _hints(target)
    return tuple(
        _field(target, parameter, hints.get(parameter.name))
        for parameter in parameters_of(target).values()
        if parameter.name != "on"
    )


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
    guess = type(parameter.default) if has_default else float
    kind = hint if hint in TYPES or get_origin(hint) is Literal else guess
    if kind not in TYPES and get_origin(kind) is not Literal:
        raise FieldError(f"{target.__name__}: {parameter.name} has no type that a spec can hold")
    return Field(target.__name__, parameter.name, kind, parameter.default if has_default else None)
