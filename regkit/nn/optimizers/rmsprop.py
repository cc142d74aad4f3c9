"""RMSProp."""

from __future__ import annotations

from regkit.arguments import number
from regkit.array_types import Array, Arrays
from regkit.nn.optimizers.root_divisor import RootDivisor


class RMSProp(RootDivisor):
    """cache ← ρ · cache + (1 − ρ) · grad²; w ← w − lr · grad / (√cache + ε).

    Source: *Neural Networks from Scratch*, chapter 10; Tieleman & Hinton (2012).

    Raises:
        InputError: `lr` or `epsilon` is not above 0, `decay` is below 0, or `rho` is not in [0, 1).
    """

    moment_names = ("cache",)

    def __init__(
        self, lr: float = 0.001, *, decay: float = 0.0, epsilon: float = 1e-7, rho: float = 0.9
    ) -> None:
        super().__init__(lr, decay)
        self.epsilon = number("epsilon", epsilon, above=0)
        self.rho = number("rho", rho, least=0, below=1)

    def update(self, params: Array, grads: Array, moments: Arrays) -> None:
        """One step on a slice."""
        self.kernels.rmsprop(
            params, grads, **moments, rho=self.rho, lr=self.current_lr, epsilon=self.epsilon
        )
