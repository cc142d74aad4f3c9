"""The steps of an optimizer that divides by roots, as the arrays and numbers they are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regkit.array_types import Array


@dataclass(frozen=True, slots=True)
class RootSteps:
    """The steps lr / (scale · √cache + ε), one for each entry of `cache`.

    Kernels compute them while they use them, so that they are never stored.
    """

    cache: Array
    lr: float
    scale: float
    epsilon: float

    def divisor(self) -> Array:
        """scale · √cache + ε."""
        divisor: Array = np.sqrt(self.cache)
        divisor *= self.scale
        divisor += self.epsilon
        return divisor

    def array(self) -> Array:
        """The steps."""
        steps = self.divisor()
        np.divide(self.lr, steps, out=steps)
        return steps

    def of(self, cache: Array) -> RootSteps:
        """The same for another cache, such as a part of this one."""
        return RootSteps(cache, self.lr, self.scale, self.epsilon)
