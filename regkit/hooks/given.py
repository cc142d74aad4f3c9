"""The regularizers that a caller gives: a list, and the objects that its specs stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from regkit.catalogue.resolve import regularizer
from regkit.errors import InputError
from regkit.regularizers.table import Table


def as_regularizers(given: object) -> tuple[object, ...]:
    """Regularizers as a tuple.

    Raises:
        InputError: they are no list, or a class stands among them.
    """
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        known = isinstance(given, str) or hasattr(given, "penalty")
        example = f"[{given!r}]" if known else "['l2=0.001']"
        raise InputError(f"regularizers must be a list, such as {example}")
    regularizers = tuple(given)
    for one in regularizers:
        if isinstance(one, type):
            name = one.__name__
            raise InputError(f"regularizers must be instances, such as {name}(…), got {name}")
        if type(one).__module__ == "builtins" and not isinstance(one, str | Mapping | ModuleType):
            shown = " ".join(repr(one).split())
            raise InputError(
                f"regularizers must hold specs such as 'l2=0.001', or regularizers, got {shown:.60}"
            )
    return regularizers


def configured(given: Iterable[object]) -> list[Any]:
    """The regularizers, with specs and tables replaced by the objects that they configure.

    Raises:
        InputError: a spec cannot be read, or no regularizer has its name.
        PluginError: a plugin cannot be imported.
    """
    return [regularizer(one) if isinstance(one, str | Mapping | Table) else one for one in given]
