"""The fields of a regularizer: their types, validation, and parsing from text.

A field is a float, an int, a bool, a str or a `Literal`. NumPy scalars become Python numbers.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Hashable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from regkit.errors import FieldError
from regkit.regularizers.spec import text_of
from regkit.suggestions import did_you_mean

TYPES = (float, int, bool, str)


@dataclass(frozen=True)
class Field:
    """One field of a regularizer class: name, type and default."""

    owner: str
    name: str
    type: Any
    default: Any

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values a `Literal` field allows; empty for the other types."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()

    @property
    def type_name(self) -> str:
        """The type as a user would write it, such as `float` or `"incoming" | "outgoing"`."""
        return " | ".join(map(repr, self.choices)) if self.choices else self.type.__name__

    def checked(self, value: object) -> Any:
        """`value` as this field stores it.

        Raises:
            FieldError: the value has the wrong type, is not among the choices, or is not a number.
        """
        if self.choices:
            for choice in self.choices:
                if type(choice) is type(value) and choice == value:
                    return choice
            raise self._refused(value)
        if isinstance(value, str) != (self.type is str):
            raise self._refused(value)
        if self.type is str:
            return self.speccable(str(value))
        is_bool = isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")
        if self.type is bool:
            if not is_bool:
                raise self._refused(value)
            return bool(value)
        if is_bool or not isinstance(value, Integral if self.type is int else Real):
            raise self._refused(value)
        try:
            number = self.type(value)
        except OverflowError:
            raise self._refused(value) from None
        if math.isnan(number):
            raise self._refused(value)
        if self.name == "strength" and not 0 <= number < math.inf:
            raise FieldError(
                f"{self.owner}: strength must be finite and at least 0, got {number!r}"
            )
        return number

    def parsed(self, text: str) -> Any:
        """The value of `text` in a spec string.

        Raises:
            FieldError: the text is not a value of this field's type.
        """
        if self.choices:
            for choice in self.choices:
                if text_of(choice) == text:
                    return choice
            raise self._refused(text)
        if self.type is bool:
            if text.lower() not in ("true", "false"):
                raise self._refused(text)
            return text.lower() == "true"
        try:
            return self.checked(self.type(text))
        except ValueError as error:
            raise error if isinstance(error, FieldError) else self._refused(text) from None

    def speccable(self, value: Any) -> Any:
        """`value`, if a spec string can hold it.

        Raises:
            FieldError: its text would be parsed as something else.
        """
        text = text_of(value)
        if any(sign in text for sign in ",=@") or text != text.strip():
            raise FieldError(
                f"{self.owner}: {self.name}={value!r} may not contain ',', '=' or '@', "
                "nor begin or end with a space"
            )
        return value

    def _refused(self, value: object) -> FieldError:
        article = "one of" if self.choices else "an" if self.type is int else "a"
        wanted = f"{article} {self.type_name}"
        return FieldError(f"{self.owner}: {self.name} must be {wanted}, got {value!r}")


def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a regularizer class, in order, without `on` (which is not a FIELD of a spec).

    Raises:
        FieldError: a spec string cannot hold a field's type, or the type cannot be resolved.
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
        _supported(Field(cls.__name__, field.name, hints[field.name], field.default))
        for field in dataclasses.fields(cls)
        if field.name != "on"
    )


def unknown_field(owner: str, name: str, fields: tuple[Field, ...]) -> FieldError:
    """The error for an unknown field, which lists the known ones."""
    meant = did_you_mean(name, (field.name for field in fields))
    hint = f", {meant}" if meant else ""
    known = ", ".join(f"{field.name}: {field.type_name} = {field.default!r}" for field in fields)
    return FieldError(f"{owner} has no field {name!r}{hint} (its fields: {known})")


def _supported(field: Field) -> Field:
    if field.type not in TYPES and not field.choices:
        raise FieldError(
            f"{field.owner}: field {field.name!r} is a {field.type!r}; "
            "a field must be a float, int, bool, str or Literal"
        )
    for choice in field.choices:
        field.speccable(choice)
    return field
