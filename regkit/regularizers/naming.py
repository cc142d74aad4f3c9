"""The name under which a spec string reaches a regularizer's class.

It is the entry point's name. Resolving a name writes it on the class, so that the class itself need
not know what is installed; a class that was not resolved uses its own name in snake case.
"""

from __future__ import annotations

import re

_STAMP = "_name_in_specs"


def snake_case(class_name: str) -> str:
    """`HuberNorm` → `huber_norm`: the name of a class without an entry point."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()


def stamp(cls: type, name: str) -> None:
    """Use this name in specs of the class; the first name stays."""
    if _STAMP not in vars(cls):
        setattr(cls, _STAMP, name)


def name_in_specs(cls: type) -> str:
    """The stamped name, or the class name in snake case. A subclass does not inherit it."""
    name: str = vars(cls).get(_STAMP) or snake_case(cls.__name__)
    return name
