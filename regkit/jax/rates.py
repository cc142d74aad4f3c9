"""Learning rates: a number, or a schedule of optax."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from numbers import Real
from typing import Any

from regkit.array_libraries import is_traced
from regkit.errors import InputError

Schedule = Callable[[Any], Any]
"""The learning rate by the number of steps so far."""

LATEST = 20
"""Schedules are asked for the steps 0 and 1, 2, 4, … up to 2 to the power of this."""


def as_schedule(learning_rate: Any) -> Schedule:
    """A learning rate as a function of the step.

    Raises:
        InputError: it is neither a number of at least 0 nor a function.
    """
    if callable(learning_rate):
        own: Schedule = learning_rate
        return own
    if not is_traced(learning_rate):
        is_number = isinstance(learning_rate, Real) or getattr(learning_rate, "ndim", None) == 0
        if isinstance(learning_rate, bool) or not is_number or not _is_rate(learning_rate):
            raise InputError(
                "learning_rate must be that of the optimizer, a number of at least 0 or a schedule "
                f"of optax, got {learning_rate!r}"
            )
        learning_rate = float(learning_rate)
    return lambda step: learning_rate


def first_rate(schedule: Schedule) -> tuple[int, Any]:
    """The first step found whose learning rate is not 0, and that; 0 if there is none."""
    for step, rate in sampled(schedule):
        if is_traced(rate) or rate > 0:
            return step, rate
    return 0, 0.0


def largest_rate(schedule: Schedule) -> Any:
    """The largest learning rate that is found; None if it is traced."""
    rates = [rate for _, rate in sampled(schedule)]
    return None if any(map(is_traced, rates)) else max(rates)


def sampled(schedule: Schedule) -> Iterator[tuple[int, Any]]:
    """Steps, and their learning rates: floats, or traced."""
    for step in (0, *(1 << power for power in range(LATEST + 1))):
        rate = schedule(step)
        yield step, rate if is_traced(rate) else float(rate)


def _is_rate(number: Any) -> bool:
    return 0 <= float(number) < math.inf
