"""The arrays that one layer writes to while a batch passes through it.

Shapes are the book's, (samples, features). The samples of one feature are contiguous (Fortran
order): sums over three classes become three long vector operations, and matrix products take
either order. Activations carry one more column, of ones, so that a product with [weights; biases]
adds the biases, and its transpose sums their gradient.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from regkit.array_types import Array
from regkit.kernels.kernels import Kernels


class Workspace:
    """One layer's arrays for one run: allocated once, for the largest batch, then reused.

    `kept` holds what the forward pass saves for the backward pass. `rng` is None outside training.
    `kernels` are the run's.
    """

    def __init__(
        self,
        dtype: DTypeLike,
        rng: np.random.Generator | None = None,
        kernels: Kernels | None = None,
    ) -> None:
        self.dtype = np.dtype(dtype)
        self.rng = rng
        self.kernels = kernels or Kernels()
        self.kept: dict[str, Array] = {}
        self._arrays: dict[str, Array] = {}

    def array(self, name: str, rows: int, columns: int, dtype: DTypeLike | None = None) -> Array:
        """An array of shape (rows, columns) with undefined contents, the same one every time."""
        kind = dtype or self.dtype
        return self._reused(name, rows, lambda: np.empty((columns, rows), kind).T)

    def zeros(self, rows: int, columns: int) -> Array:
        """An array of zeros, which must not be written to."""
        return self._reused("zeros", rows, lambda: np.zeros((columns, rows), self.dtype).T)

    def activations(self, name: str, rows: int, columns: int) -> Array:
        """An array of shape (rows, columns + 1) whose last column holds ones and must stay so."""
        return self._reused(name, rows, lambda: np.ones((columns + 1, rows), self.dtype).T)

    def _reused(self, name: str, rows: int, make: Callable[[], Array]) -> Array:
        existing = self._arrays.get(name)
        if existing is None or len(existing) < rows:
            existing = self._arrays[name] = make()
        return existing[:rows]


def with_ones(X: Array, dtype: DTypeLike) -> Array:
    """A copy of X, (samples, features), with a last column of ones: the first layer's input."""
    inputs = np.empty((len(X), X.shape[1] + 1), dtype)
    inputs[:, :-1] = X
    inputs[:, -1] = 1
    return inputs
