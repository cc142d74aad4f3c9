"""Copies of an optimizer lose its hooks, without a word: a regularized one says so."""

from __future__ import annotations

from typing import Any

from torch import optim

from regkit.warn import warn

# copy.deepcopy and pickle ask the object before its class; a copy keeps no such attribute.
ASKED = "__reduce_ex__"


class CopyWarning:
    """Makes copying or pickling an optimizer warn that the copy regularizes nothing.

    One serves all penalties of an optimizer; `count` says how many handles hold it.
    """

    def __init__(self, optimizer: optim.Optimizer) -> None:
        self.count = 0
        self._optimizer = optimizer

    @classmethod
    def on(cls, optimizer: optim.Optimizer) -> CopyWarning:
        """That of the optimizer, held by one handle more."""
        one: CopyWarning = vars(optimizer).setdefault(ASKED, cls(optimizer))
        one.count += 1
        return one

    def release(self) -> None:
        """One handle less; without any the optimizer is copied in silence."""
        self.count -= 1
        if not self.count:
            vars(self._optimizer).pop(ASKED, None)

    def __call__(self, protocol: Any) -> Any:
        """Reduce the optimizer as its class does, with a warning."""
        warn(
            f"this {type(self._optimizer).__name__} has penalties that a copy of it will not have: "
            "call regkit.torch.regularize on the copy, too"
        )
        return object.__reduce_ex__(self._optimizer, protocol)
