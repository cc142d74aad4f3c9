"""Adam."""

from __future__ import annotations

import math

from regkit.arguments import number
from regkit.array_types import Array, Arrays
from regkit.nn.optimizers.root_divisor import RootDivisor


class Adam(RootDivisor):
    """w ← w − lr · m̂ / (√v̂ + ε), with bias-corrected running means m of grad and v of grad².

    m ← β₁ m + (1 − β₁) grad; v ← β₂ v + (1 − β₂) grad²; m̂ = m / (1 − β₁ᵗ); v̂ = v / (1 − β₂ᵗ).
    The factors 1 − β are moved from the sums to the step, which saves two passes over memory: the
    state holds m / (1 − β₁) as `momentum` and v / (1 − β₂) as `cache`.

    Source: *Neural Networks from Scratch*, chapter 10; Kingma & Ba (2015), algorithm 1.

    Raises:
        InputError: `lr` or `epsilon` is not above 0, `decay` is below 0, or a β is not in [0, 1).
    """

    moment_names = ("momentum", "cache")
    settles = False

    def __init__(
        self,
        lr: float = 0.001,
        *,
        decay: float = 0.0,
        epsilon: float = 1e-7,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
    ) -> None:
        super().__init__(lr, decay)
        self.epsilon = number("epsilon", epsilon, above=0)
        self.beta_1 = number("beta_1", beta_1, least=0, below=1)
        self.beta_2 = number("beta_2", beta_2, least=0, below=1)

    def update(self, params: Array, grads: Array, moments: Arrays) -> None:
        """One step on a slice: lr · m̂ / (√v̂ + ε), in terms of the stored sums."""
        t = self.iterations + 1
        m_hat = (1 - self.beta_1) / (1 - self.beta_1**t)
        v_hat_root = self._v_hat_root(t)
        self.kernels.adam(
            params,
            grads,
            **moments,
            beta_1=self.beta_1,
            beta_2=self.beta_2,
            lr=self.current_lr * m_hat / v_hat_root,
            epsilon=self.epsilon / v_hat_root,
        )

    def _scale(self) -> float:
        return self._v_hat_root(self.iterations)

    def _v_hat_root(self, t: int) -> float:
        """√v̂ ÷ √cache after t updates."""
        return math.sqrt((1 - self.beta_2) / (1 - self.beta_2**t))
