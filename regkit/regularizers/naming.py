"""The name under which a spec string reaches a regularizer's class, and the labels users give.

The name is the entry point's. Resolving a name writes it on the class, so that the class itself
need not know what is installed; a class that was not resolved uses its own name in snake case.
"""

from __future__ import annotations

import re

from regkit.errors import FieldError

NOT_LABELS = (
    *("data", "none", "epoch", "loss", "data loss", "penalty", "lr"),
    *("accuracy", "r2", "validation"),
)
"""What records and flags call something else."""

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


def checked_label(owner: str, label: str) -> str:
    """A label that a user gave.

    Raises:
        FieldError: it is empty, has spaces around it, holds a comma, an equals or at sign or a
            line break, or means something else in records.
    """
    if not label.strip() or label != label.strip():
        raise FieldError(f"{owner}: label {label!r} is empty, or begins or ends with a space")
    if any(sign in label for sign in ",=@") or not label.isprintable():
        raise FieldError(
            f"{owner}: label {label!r} may not contain ',', '=', '@', a tab or a line break"
        )
    if label in NOT_LABELS:
        raise FieldError(f"{owner}: label {label!r} is reserved: choose another")
    return str(label)
