"""The metric of an optax optimizer: the step that a proximal point takes after its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from regkit.jax.states import SQUARES, TRACE, replaced, squares_in


@dataclass(frozen=True)
class Metric:
    """What steps are divided by: √(v + root) + eps, with v the squares of the state.

    Attributes:
        adaptive: whether each entry has its own step; else the steps are those of SGD.
        decay: of the averages of squares, for the correction of their bias.
        eps: added to the root.
        root: added under the root.
        ahead: what SGD multiplies a gradient by: 1, or 1 + momentum for Nesterov's.
    """

    adaptive: bool
    decay: Any = None
    eps: Any = 0.0
    root: Any = 0.0
    ahead: Any = 1.0

    def steps(self, state: Any, rate: Any) -> Any:
        """The step of all parameters, or a tree with an array for each.

        Args:
            state: of the optimizer, after its step.
            rate: the learning rate of that step.
        """
        squares = squares_in(state)
        if squares is None:
            return rate * self.ahead
        name = type(squares).__name__
        correction: Any = 1.0
        if "count" in squares._fields:
            correction = 1 - jnp.asarray(self.decay, float) ** squares.count
        v = jax.tree.map(lambda one: one / correction, getattr(squares, SQUARES[name]))
        if name.startswith("ScaleByRStdDev"):
            v = jax.tree.map(lambda one, m: one - (m / correction) ** 2, v, squares.mu)
        return jax.tree.map(lambda one: rate / (jnp.sqrt(one + self.root) + self.eps), v)

    def displaced(self, state: Any, rate: Any, displacement: Any) -> Any:
        """The state that accounts in the momentum for parameters moved after the step.

        Without it the fixed point would solve the problem with a strength of (1 − momentum) times
        the given one. SGD's momentum holds displacements over −learning rate, RMSProp's holds them.
        """
        # At a learning rate of 0 nothing is moved, and nothing is to be divided by it.
        by = 1.0 if self.adaptive else -jnp.where(rate == 0, jnp.inf, rate * self.ahead)

        def moved(part: Any) -> Any:
            if type(part).__name__ != TRACE:
                return part
            trace = jax.tree.map(
                lambda t, d: (t + d / by).astype(t.dtype), part.trace, displacement
            )
            return part._replace(trace=trace)

        return replaced(state, moved)
