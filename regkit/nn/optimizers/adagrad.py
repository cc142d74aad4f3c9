"""AdaGrad."""

from __future__ import annotations

from regkit.arguments import number
from regkit.array_types import Array, Arrays
from regkit.nn.optimizers.root_divisor import RootDivisor


class AdaGrad(RootDivisor):
    """cache ← cache + grad²; w ← w − lr · grad / (√cache + ε).

    Source: *Neural Networks from Scratch*, chapter 10; Duchi et al. (2011).

    Raises:
        InputError: `lr` or `epsilon` is not above 0, or `decay` is below 0.
    """

    moment_names = ("cache",)

    def __init__(self, lr: float = 1.0, *, decay: float = 0.0, epsilon: float = 1e-7) -> None:
        super().__init__(lr, decay)
        self.epsilon = number("epsilon", epsilon, above=0)

    def update(self, params: Array, grads: Array, moments: Arrays) -> None:
        """One step on a slice."""
        self.kernels.adagrad(params, grads, **moments, lr=self.current_lr, epsilon=self.epsilon)
