"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from regkit.arguments import number
from regkit.array_types import Array, Arrays
from regkit.nn.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    """velocity ← momentum · velocity − lr · grad; w ← w + velocity.

    Source: *Neural Networks from Scratch*, chapter 10.

    Raises:
        InputError: `lr` is not above 0, `decay` is below 0, or `momentum` is not in [0, 1).
    """

    adaptive = False
    moment_names = ("velocity",)

    def __init__(self, lr: float = 1.0, *, decay: float = 0.0, momentum: float = 0.0) -> None:
        super().__init__(lr, decay)
        self.momentum = number("momentum", momentum, least=0, below=1)

    def update(self, params: Array, grads: Array, moments: Arrays) -> None:
        """One step on a slice."""
        self.kernels.sgd(params, grads, **moments, momentum=self.momentum, lr=self.current_lr)

    def displaced(self, span: slice, displacement: Array) -> None:
        """Include a proximal step in the momentum, whose velocity is the whole displacement.

        x⁺ = prox(x − lr·grad + momentum·(x − x_previous)): without this the fixed point would
        solve the problem with a strength of (1 − momentum) times the given one.
        """
        self.moments["velocity"][span] += displacement
