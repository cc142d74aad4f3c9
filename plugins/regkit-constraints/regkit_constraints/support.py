"""Zeros that stay: only a given set of weights may differ from 0."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar

from regkit import File, array_namespace
from regkit.array_libraries import beside
from regkit.errors import FieldError
from regkit_constraints.constraint import Constraint

if TYPE_CHECKING:
    from regkit.array_types import Array


class Support(Constraint):
    """w = 0 wherever the mask is 0: the projection sets these weights to 0, and no others.

    The field `of` names the mask, an array of the weights' shape: `PATH` or `PATH:ARRAY` of an NPZ
    or NPY file. The weights of a sparse network serve as the mask with which it is trained further:
    its zeros stay, and the rest is free of any penalty.

    Source: Meinshausen (2007), *Relaxed lasso*, with the penalty removed on the chosen support;
    Han et al. (2015), *Learning both weights and connections for efficient neural networks*.

    Raises:
        FieldError: the selected array has not the mask's shape.
    """

    of: File = dataclasses.field(kw_only=True)

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True

    @property
    def only_shape(self) -> tuple[int, ...]:
        """The mask's shape, the only one of arrays that it applies to."""
        shape: tuple[int, ...] = self.of.array.shape
        return shape

    def projection(self, w: Array) -> Array:
        """w where the mask is not 0, else 0."""
        if tuple(w.shape) != self.only_shape:
            raise FieldError(
                f"Support: mask {self.of} is {self.only_shape}, and the array that it is applied "
                f"to is {tuple(w.shape)}: select one parameter of the mask's shape"
            )
        xp = array_namespace(w)
        kept = beside(w, self.of.array != 0)
        projected: Array = xp.where(kept | xp.isnan(w), w, 0)
        return projected
