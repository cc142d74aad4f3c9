"""The epoch by which schedules of penalties go: a number, or one that JAX traces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regkit.arguments import integer
from regkit.array_libraries import is_traced
from regkit.errors import InputError
from regkit.hooks.labels import labelled


def as_epoch(epoch: Any) -> Any:
    """An epoch as an integer of Python, where it is not traced; None stays None.

    Raises:
        InputError: it is no integer of at least 0.
    """
    if epoch is None or (is_traced(epoch) and not epoch.shape):
        return epoch
    known = epoch.item() if getattr(epoch, "ndim", None) == 0 and not is_traced(epoch) else epoch
    return integer("epoch", known, least=0)


def require_epoch(plugins: Sequence[Any], epoch: Any) -> None:
    """Check that there is an epoch where a penalty has a schedule.

    Raises:
        InputError: there is none.
    """
    for plugin in labelled(plugins) if epoch is None else ():
        if plugin.has_schedule:
            raise InputError(
                f"{plugin.label} has a schedule, which goes by an epoch: give epoch=…, traced or "
                "not"
            )
