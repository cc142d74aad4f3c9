"""Entries between two bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_constraints.constraint import Constraint

if TYPE_CHECKING:
    from regkit.array_types import Array


class Box(Constraint):
    """low ≤ w ≤ high, entry by entry: the projection clips.

    With `low=-inf` or `high=inf` there is one bound. Clipping of weights is known from Wasserstein
    networks.

    Source: Arjovsky, Chintala & Bottou (2017), *Wasserstein GAN*, algorithm 1.

    Raises:
        FieldError: no finite number lies between `low` and `high`.
    """

    low: float = -1.0
    high: float = 1.0

    convex: ClassVar[bool] = True
    elementwise: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.low > self.high or self.low == math.inf or self.high == -math.inf:
            raise FieldError(
                f"Box: low must be at most high, with a finite number between them, got "
                f"low={self.low!r} and high={self.high!r}"
            )

    def projection(self, w: Array) -> Array:
        """min(max(w, low), high)."""
        clipped: Array = array_namespace(w).clip(w, self.low, self.high)
        return clipped
