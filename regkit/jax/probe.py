"""Steps of an optax optimizer that are made to be measured: of one parameter, from any state."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from regkit.errors import InputError
from regkit.jax.rates import Schedule, first_rate
from regkit.jax.states import KNOWN, SCHEDULE, SQUARES, TRACE, replaced, squares_in, trace_in

AGED = 1 << 30
"""A count of steps after which averages need no correction."""


class Probe:
    """One parameter, and steps of an optimizer from states that are made up.

    Args:
        optimizer: a transformation of optax.
        schedule: of its learning rate.

    Attributes:
        rate: the learning rate at the step that is probed.
        squares: the part of its state that holds squares, None for SGD.
        field: where it holds them.

    Raises:
        InputError: the optimizer is not known, or cannot train one number alone.
    """

    def __init__(self, optimizer: Any, schedule: Schedule) -> None:
        self._optimizer = optimizer
        try:
            self._state = optimizer.init(_scalar(1.0))
        except Exception as error:
            raise InputError(
                "a penalty in mode 'prox' must know the steps of the optimizer, and this one "
                f"cannot be asked for the step of one parameter ({type(error).__name__}): use one "
                f"of {KNOWN}"
            ) from error
        self.squares = squares_in(self._state)
        self.field = SQUARES.get(type(self.squares).__name__, "")
        self.has_trace = trace_in(self._state) is not None
        self._count, self.rate = first_rate(schedule)

    def step(
        self, gradient: float = 0.0, *, at: float = 0.0, trace: float = 0.0, **squares: Any
    ) -> tuple[Any, Any]:
        """A step, and the state after it.

        Args:
            gradient: of the parameter.
            at: the parameter.
            trace: the momentum.
            squares: the fields of the part of the state that holds squares.
        """
        state = replaced(self._state, lambda part: self._made_up(part, trace, squares))
        step, after = self._optimizer.update(_scalar(gradient), state, _scalar(at))
        return step, after

    def trace_of(self, state: Any) -> Any:
        """The momentum in a state."""
        return trace_in(state).trace

    def _made_up(self, part: Any, trace: float, squares: dict[str, Any]) -> Any:
        fields: dict[str, Any] = {}
        if part is self.squares:
            fields = {"count": AGED, **squares}
        elif type(part).__name__ == SCHEDULE:
            fields = {"count": self._count}
        elif type(part).__name__ == TRACE:
            fields = {"trace": trace}
        return part._replace(
            **{
                name: jnp.asarray(value, getattr(part, name).dtype)
                for name, value in fields.items()
                if name in part._fields
            }
        )


def _scalar(number: float) -> Any:
    return jnp.asarray(number, float)
