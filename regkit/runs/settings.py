"""The fields of `Config`, described for flags and configuration files."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from regkit.runs.config import About, Config


@dataclass(frozen=True)
class Setting:
    """A field of `Config`, as flags and configuration files see it.

    `kind` is the type without None, `optional` whether None is allowed.
    """

    name: str
    kind: Any
    optional: bool
    default: Any
    about: About

    @property
    def key(self) -> str:
        """Its key in a configuration file, such as `batch-size`; after two dashes, its flag."""
        return self.name.replace("_", "-")


@cache  # Types are slow to read, and every file of settings asks for them.
def settings() -> tuple[Setting, ...]:
    """All settings, in order."""
    hints = get_type_hints(Config, include_extras=True)
    found = []
    for field in fields(Config):
        kind, about = get_args(hints[field.name])
        optional = get_origin(kind) in (Union, UnionType)
        if optional:
            (kind,) = (one for one in get_args(kind) if one is not type(None))
        found.append(Setting(field.name, kind, optional, field.default, about))
    return tuple(found)
