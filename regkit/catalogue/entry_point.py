"""Entry points: what a distribution offers, and from where it is imported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from typing import Any

_TARGET = r"([\w.]+)\s*(?::\s*([\w.]+)\s*)?(?:\[.*\]\s*)?"


@dataclass(frozen=True)
class EntryPoint:
    """An entry point.

    Attributes:
        name: what is offered.
        value: what it names: `module` or `module:object`.
    """

    name: str
    value: str

    @property
    def target(self) -> tuple[str, str] | None:
        """Module and object, which is empty for the module itself; None if it names neither."""
        found = re.fullmatch(_TARGET, self.value)
        return None if found is None else (found[1], found[2] or "")

    def load(self) -> Any:
        """Import what it names, which must not be nothing."""
        assert self.target is not None
        module, path = self.target
        return reduce(getattr, filter(None, path.split(".")), import_module(module))


def entry_points(text: str, group: str) -> tuple[EntryPoint, ...]:
    """The entry points of one group in a file `entry_points.txt`.

    Raises:
        ValueError: a line of it is no pair.
    """
    found, section = [], None
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line.strip("[]")
        elif section == group and line and not line.startswith("#"):
            name, value = line.split("=", 1)
            found.append(EntryPoint(name.strip(), value.strip()))
    return tuple(found)
