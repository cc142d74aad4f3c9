"""One field of a regularizer: its type, the check of a value, and parsing from text.

A field is a float, an int, a bool, a str, a `Literal`, a tuple of floats or of integers, or a
`File`; or one of these or None, with None as its default, which is not written in a spec. NumPy
scalars become Python numbers, as arrays of no dimension do, and lists and arrays of numbers
become tuples. A strength may also be a number that JAX traces.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

from regkit.arguments import RANGE
from regkit.array_libraries import is_traced
from regkit.errors import FieldError
from regkit.regularizers.file import File
from regkit.regularizers.naming import checked_label
from regkit.regularizers.spec import SEPARATOR, is_speccable, text_of

TYPES = (float, int, bool, str, File)
LISTS = (tuple[float, ...], tuple[int, ...])

AUTO = "auto"
FOR_STUDIES = "LOW..HIGH and auto are for studies: regkit path, sweep, or compare --tune N"
"""What to say of a number that is left open."""


@dataclass(frozen=True)
class Field:
    """One field of a regularizer class: name, type and default, which is MISSING if it has none."""

    owner: str
    name: str
    type: Any
    default: Any

    @property
    def kind(self) -> Any:
        """The type without None."""
        if get_origin(self.type) not in (Union, UnionType):
            return self.type
        kinds = [one for one in get_args(self.type) if one is not NoneType]
        return kinds[0] if len(kinds) == 1 else self.type

    @property
    def is_optional(self) -> bool:
        """Whether the value may be None."""
        return self.kind is not self.type

    @property
    def has_known_type(self) -> bool:
        """Whether a field can have this type."""
        return self.kind in (*TYPES, *LISTS) or bool(self.choices)

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values a `Literal` field allows; empty for the other types."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()

    @property
    def type_name(self) -> str:
        """The type as a user would write it, such as `float` or `"incoming" | "outgoing"`."""
        if self.choices:
            name = " | ".join(map(repr, self.choices))
        else:
            name = str(self.kind) if self.kind in LISTS else self.kind.__name__
        return f"{name} | None" if self.is_optional else name

    def checked(self, value: object) -> Any:
        """`value` as this field stores it.

        Raises:
            FieldError: the value has the wrong type, is not among the choices, or is not a number;
                or a file cannot be used.
        """
        if value is None and self.is_optional:
            return None
        if self.choices:
            for choice in self.choices:
                if type(choice) is type(value) and choice == value:
                    return choice
            raise self._refused(value)
        if self.kind in LISTS:
            return self._numbers(value)
        if self.kind is File:
            return self.file(value)
        if self.kind is str:
            if not isinstance(value, str):
                raise self._refused(value)
            return checked_label(self.owner, value) if self.name == "label" else str(value)
        if self.kind is bool:
            if not _is_bool(value):
                raise self._refused(value)
            return bool(value)
        if is_traced(value) and self.name == "strength":
            return self._traced(value)
        number = self._number(self.kind, value, value)
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
        if self.kind is bool:
            if text.lower() not in ("true", "false"):
                raise self._refused(text)
            return text.lower() == "true"
        if self.kind in (str, File) and self.name != "label" and not is_speccable(text):
            raise FieldError(
                f"{self.owner}: in a spec, {self.name} may not contain ',', '=' or '@', nor begin "
                f"or end with a space, got {text!r}: write a table in TOML instead"
            )
        try:
            return self.checked(self._from_text(text))
        except ValueError as error:
            raise error if isinstance(error, FieldError) else self._refused(text) from None

    def file(self, value: object, folder: Path | None = None) -> File:
        """The file of a path, whose array is read now; a relative path refers to `folder`.

        Raises:
            FieldError: it is not a path, or the file cannot be used.
        """
        if not isinstance(value, str | os.PathLike | File):
            raise self._refused(value)
        try:
            file = value if isinstance(value, File) else File(value, folder=folder)
            file.array  # noqa: B018 - So that the error comes now, and not in the first step.
        except FieldError as error:
            raise FieldError(f"{self.owner}: {self.name}: {error}") from error
        return file

    def _from_text(self, text: str) -> object:
        if self.kind in LISTS:
            number = get_args(self.kind)[0]
            return [number(part) for part in text.split(SEPARATOR)] if text else []
        return text if self.kind in (str, File) else self.kind(text)

    def _numbers(self, value: object) -> tuple[float, ...]:
        is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        if not is_list and not getattr(value, "ndim", 0) == 1:
            raise self._refused(value)
        number = get_args(self.kind)[0]
        return tuple(self._number(number, one, value) for one in cast("Sequence[object]", value))

    def _number(self, number: Any, one: object, value: object) -> Any:
        """`one` as a float or an int; `value` is what was given."""
        if getattr(one, "ndim", None) == 0 and not is_traced(one):
            one = cast("Any", one).item()
        if _is_bool(one) or not isinstance(one, Integral if number is int else Real):
            raise self._refused(value)
        try:
            found = number(one)
        except OverflowError:
            raise self._refused(value) from None
        if math.isnan(found):
            raise self._refused(value)
        return found

    def _traced(self, value: Any) -> Any:
        if value.shape or value.dtype.kind not in "fiu":
            raise self._refused(value)
        return value

    def _refused(self, value: object) -> FieldError:
        wanted = f"{'an' if self.kind is int else 'a'} {self.type_name}"
        if self.choices:
            wanted = f"one of {self.type_name}"
        elif self.kind in LISTS:
            number, example = ("floats", "0.5;1") if self.kind == LISTS[0] else ("integers", "0;1")
            wanted = f"a list of {number} (in a spec {example})"
        elif self.kind is File:
            wanted = "the path of an NPZ or NPY file"
        refused = f"{self.owner}: {self.name} must be {wanted}, got {_shown(value)}"
        if self.kind in (float, int) and isinstance(value, str) and is_open(value):
            refused += f"; {FOR_STUDIES}"
        return FieldError(refused)


def is_open(text: str) -> bool:
    """Whether a text leaves a number open, for a study to decide."""
    return RANGE in text or text == AUTO


def _is_bool(value: object) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
