"""AdaGrad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.arguments import number
from regkit.nn.optimizers.optimizer import Optimizer

Array = NDArray[Any]


class AdaGrad(Optimizer):
    """cache ← cache + grad²; w ← w − lr · grad / (√cache + ε).

    Source: *Neural Networks from Scratch*, chapter 10; Duchi et al. (2011).

    Raises:
        InputError: `lr` or `epsilon` is not above 0, or `decay` is below 0.
    """

    adaptive = True
    moment_names = ("cache",)

    def __init__(self, lr: float = 1.0, *, decay: float = 0.0, epsilon: float = 1e-7) -> None:
        super().__init__(lr, decay)
        self.epsilon = number("epsilon", epsilon, above=0)

    def update(
        self,
        params: Array,
        grads: Array,
        moments: Sequence[Array],
        scratch: Array,
        factors: Mapping[str, float],
    ) -> None:
        """One piece."""
        (cache,) = moments
        np.multiply(grads, grads, out=scratch)
        cache += scratch
        np.sqrt(cache, out=scratch)
        scratch += self.epsilon
        np.divide(grads, scratch, out=scratch)
        scratch *= factors["lr"]
        params -= scratch
