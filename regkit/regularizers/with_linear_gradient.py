"""What L1, L2 and the elastic net share: a gradient that is linear except for a jump at 0."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from regkit.array_libraries import array_namespace, in_float64, largest
from regkit.kernels.linear_gradient import LinearGradient, add_linear_gradient
from regkit.regularizers.regularizer import Regularizer

if TYPE_CHECKING:
    from regkit.array_types import Array
    from regkit.kernels.kernels import Kernels
    from regkit.kernels.root_steps import RootSteps


class WithLinearGradient(Regularizer):
    """A penalty whose gradient is given by three numbers, which the run's kernels then add."""

    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True

    if TYPE_CHECKING:
        # Each subclass defines it, as it does `value`.
        @property
        def linear_gradient(self) -> LinearGradient:
            """The gradient for strength 1."""

    def grad(self, w: Array) -> Array:
        """sign · sign(w) + multiple · w, and `at_zero` where w is 0; of w's shape and dtype."""
        if not isinstance(w, np.ndarray):
            return _linear_gradient(w, self.linear_gradient)
        gradient: Array = np.empty_like(w)
        gradient[...] = 0
        add_linear_gradient(w, gradient, self.linear_gradient)
        return gradient

    def grad_into(self, w: Array, scale: float, out: Array) -> None:
        """Add `scale` × gradient to `out`, in chunks that fit the cache."""
        add_linear_gradient(w, out, scale * self.linear_gradient)

    def dual_norm(self, g: Array) -> float:
        """max|g| / sign: at 0 the subgradients are the numbers from −sign to sign.

        Without a jump at 0 this is ∞, unless g is 0.
        """
        size = largest(abs(in_float64(g)))
        if size == 0:
            return 0.0
        sign = self.linear_gradient.sign
        return size / sign if sign else math.inf

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest |g + sign · sign(w) + multiple · w|; where w is 0, max(|g| − sign, 0)."""
        xp = array_namespace(w)
        w, g = in_float64(w), in_float64(g)
        gradient = self.linear_gradient
        at_zero = xp.maximum(abs(g) - gradient.sign, 0)
        elsewhere = abs(g + gradient.sign * xp.sign(w) + gradient.multiple * w)
        return largest(xp.where(w == 0, at_zero, elsewhere))

    def _adds_in_place(self, kernels: Kernels) -> bool:
        return self._own_gradient_is_linear or super()._adds_in_place(kernels)

    @property
    def _own_gradient_is_linear(self) -> bool:
        """Whether kernels may add it, since no subclass has a `grad_into` of its own."""
        return type(self).grad_into is WithLinearGradient.grad_into

    def _add_gradient(self, w: Array, scale: float, out: Array, kernels: Kernels) -> None:
        if not self._own_gradient_is_linear:
            super()._add_gradient(w, scale, out, kernels)
        else:
            kernels.add_linear_gradient(w, out, scale * self.linear_gradient)

    def _set_point(
        self, w: Array, strength: float, steps: RootSteps, out: Array, kernels: Kernels
    ) -> bool:
        if not type(self).__module__.startswith("regkit.regularizers."):
            return False  # An author's subclass may have a prox of its own.
        kernels.linear_prox(w, out, steps, strength * self.linear_gradient)
        return True


def _linear_gradient(w: Array, gradient: LinearGradient) -> Array:
    """What `add_linear_gradient` adds, on an array of any library."""
    xp = array_namespace(w)
    if not (gradient.sign or gradient.at_zero):
        return gradient.multiple * w
    jump: Array = xp.where(w == 0, gradient.at_zero, gradient.sign * xp.sign(w))
    # Without the test, 0 · w would be NaN where w is infinite.
    return jump + gradient.multiple * w if gradient.multiple else jump
