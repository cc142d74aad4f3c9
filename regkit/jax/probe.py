"""Steps of an optax optimizer that are made to be measured: of one parameter, from any state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax.numpy as jnp

from regkit.errors import InputError
from regkit.jax.rates import Schedule, first_rate, sampled
from regkit.jax.states import (
    KNOWN,
    SCHEDULE,
    SQUARES,
    TRACE,
    parts_of,
    replaced,
    squares_in,
    trace_in,
)

AGED = 1 << 30
"""A count of steps after which averages need no correction."""


class Probe:
    """One parameter, and steps of an optimizer from states that are made up.

    Args:
        optimizer: a transformation of optax.
        schedule: of its learning rate.

    Attributes:
        count: the step of the schedule that is probed.
        schedule: of its learning rate.
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
        self.schedule = schedule
        self.count, self.rate = first_rate(schedule)

    def at_each_rate(self) -> Iterator[None]:
        """Be at one step of a schedule after the other, if there is one."""
        own = any(type(part).__name__ == SCHEDULE for part in parts_of(self._state))
        if own or len({rate for _, rate in sampled(self.schedule)}) > 1:
            for step, rate in sampled(self.schedule):
                self.count, self.rate = step, rate
                yield

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

    def momentum(self) -> Any:
        """What a trace keeps of itself in a step."""
        _, after = self.step(trace=1.0)
        return trace_in(after).trace

    def _made_up(self, part: Any, trace: float, squares: dict[str, Any]) -> Any:
        fields: dict[str, Any] = {}
        if part is self.squares:
            fields = {"count": AGED, **squares}
        elif type(part).__name__ == SCHEDULE:
            fields = {"count": self.count}
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
