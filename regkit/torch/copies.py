"""Copies of an optimizer lose its hooks, without a word: a regularized one says so."""

from __future__ import annotations

from typing import Any

from torch import optim

from regkit.warn import warn


class CopyWarning:
    """Makes copying or pickling an optimizer warn that the copy regularizes nothing."""

    def __init__(self, optimizer: optim.Optimizer) -> None:
        self._optimizer = optimizer
        # copy.deepcopy and pickle ask the object before its class; a copy keeps no such attribute.
        vars(optimizer)["__reduce_ex__"] = self._reduced

    def remove(self) -> None:
        """Let it be copied in silence."""
        vars(self._optimizer).pop("__reduce_ex__", None)

    def _reduced(self, protocol: Any) -> Any:
        warn(
            f"this {type(self._optimizer).__name__} has penalties that a copy of it will not have: "
            "call regkit.torch.regularize on the copy, too"
        )
        return object.__reduce_ex__(self._optimizer, protocol)
