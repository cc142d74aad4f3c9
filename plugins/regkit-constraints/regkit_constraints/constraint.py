"""The base class of this package's constraints."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from regkit import Regularizer

if TYPE_CHECKING:
    from regkit.array_types import Array


class Constraint(Regularizer, ABC):
    """A set of allowed arrays: a subclass defines `projection`, the nearest array of the set.

    It takes neither strength nor schedule nor scale. A projection changes no bit of an array that
    is in the set, or that it returned.
    """

    constraint: ClassVar[bool] = True
    array_step: ClassVar[bool] = True
    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True

    @abstractmethod
    def projection(self, w: Array) -> Array:
        """argmin ‖x − w‖ over the set, of w's shape and dtype; what is NaN stays NaN."""

    def prox(self, w: Array, step: float | Array) -> Array:
        """`projection(w)`, whatever the step."""
        return self.projection(w)
