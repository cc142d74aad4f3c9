"""What AdaGrad, RMSProp and Adam share: they divide by the root of a running sum of squares."""

from __future__ import annotations

from regkit.array_types import Array, Arrays
from regkit.kernels.root_steps import RootSteps
from regkit.nn.optimizers.optimizer import Optimizer


class RootDivisor(Optimizer):
    """An adaptive optimizer whose divisor is scale · √cache + ε, with a moment `cache`."""

    adaptive = True
    epsilon: float

    def divisor(self, moments: Arrays) -> Array:
        """√v̂ + ε of the last update, where v̂ is the cache; Adam's is corrected for its start."""
        return self._root_steps(moments).divisor()

    def uncomputed_steps(self) -> RootSteps | None:
        """As in `Optimizer`; None for a class with a `divisor` or `proximal_step` of its own."""
        cls = type(self)
        own = cls.divisor is RootDivisor.divisor and cls.proximal_step is Optimizer.proximal_step
        return self._root_steps(self.moments) if own else None

    def _root_steps(self, moments: Arrays) -> RootSteps:
        return RootSteps(moments["cache"], self.used_lr, self._scale(), self.epsilon)

    def _scale(self) -> float:
        """√v̂ ÷ √cache after the last update."""
        return 1.0
