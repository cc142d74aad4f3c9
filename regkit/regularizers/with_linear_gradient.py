"""What L1, L2 and the elastic net share: a gradient that is linear except for a jump at 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regkit.kernels.linear_gradient import LinearGradient, add_linear_gradient
from regkit.regularizers.regularizer import Regularizer

if TYPE_CHECKING:
    from regkit.array_types import Array
    from regkit.kernels.kernels import Kernels


class WithLinearGradient(Regularizer):
    """A penalty whose gradient is given by three numbers, which the run's kernels then add."""

    if TYPE_CHECKING:
        # Each subclass defines it, as it does `value`.
        @property
        def linear_gradient(self) -> LinearGradient:
            """The gradient for strength 1."""

    def grad(self, w: Array) -> Array:
        """sign · sign(w) + multiple · w, and `at_zero` where w is 0; of w's shape and dtype."""
        gradient: Array = np.empty_like(w)
        gradient[...] = 0
        add_linear_gradient(w, gradient, self.linear_gradient)
        return gradient

    def grad_into(self, w: Array, scale: float, out: Array) -> None:
        """Add `scale` × gradient to `out`, in chunks that fit the cache."""
        add_linear_gradient(w, out, scale * self.linear_gradient)

    def _add_gradient(self, w: Array, out: Array, kernels: Kernels | None) -> None:
        own = type(self).grad_into is not WithLinearGradient.grad_into
        if kernels is None or own:
            super()._add_gradient(w, out, kernels)
        else:
            kernels.add_linear_gradient(w, out, self.strength * self.linear_gradient)
