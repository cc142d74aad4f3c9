"""The base class of this package's penalties: they know the array of an earlier network."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from regkit import File, Regularizer
from regkit.array_libraries import beside, in_float64
from regkit.errors import FieldError

if TYPE_CHECKING:
    from regkit.array_types import Array


class Referenced(Regularizer):
    """A penalty of one array, given another of the same shape in a file.

    Its field `reference` names the array, `PATH` or `PATH:ARRAY` of an NPZ or NPY file.

    Raises:
        FieldError: the reference holds an infinite number.
    """

    reference: File = dataclasses.field(kw_only=True)

    array_step: ClassVar[bool] = True
    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not np.isfinite(self.reference.array).all():
            raise FieldError(f"{type(self).__name__}: {self.reference} holds an infinite number")

    @property
    def only_shape(self) -> tuple[int, ...]:
        """The reference's shape, the only one of arrays that it applies to."""
        shape: tuple[int, ...] = self.reference.array.shape
        return shape

    def beside(self, w: Array, file: File) -> Array:
        """A file's array as one of w's library, on its device, in float64 where it has that.

        Raises:
            FieldError: its shape is not w's.
        """
        array = file.array
        if array.shape != tuple(w.shape):
            raise FieldError(
                f"{type(self).__name__}: {file} is {array.shape}, and the array that it is "
                f"compared with is {tuple(w.shape)}: select one parameter of the file's shape"
            )
        return beside(w, array, in_float64(w).dtype)
