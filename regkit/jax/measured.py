"""The metric of an optimizer, measured: its state does not hold its hyperparameters.

A metric that differed from what the optimizer divides by would move the solution without a word. So
the optimizer is asked for steps of one parameter from states that are made up, and what it answers
is compared with what one of its kind must answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from regkit.array_libraries import is_traced
from regkit.errors import InputError
from regkit.jax.metric import Metric
from regkit.jax.probe import AGED, Probe
from regkit.jax.rates import Schedule
from regkit.jax.states import KNOWN, squares_in

CLOSE = 1e-3
"""The relative difference up to which two measurements are one."""

SMALL = 1e-3
"""A gradient that is clipped by nobody."""

TINY = 1e-17
"""A gradient whose square is nothing beside `NO_SQUARES`."""

NO_SQUARES = 1e-30
"""Squares that are nothing beside any ε, and still some for AdaGrad, which does not move at 0."""

NO_EPS = 1e-14
"""A divisor without squares that is no ε, but what rounding leaves."""

Divisor = Callable[..., Any]
"""(squares, at=parameter, count=steps so far): what a step at them is divided by."""


def metric_of(optimizer: Any, schedule: Schedule, eps: float) -> Metric:
    """The metric of an optimizer.

    Args:
        optimizer: a transformation of optax: sgd, adam, adamw, rmsprop or adagrad.
        schedule: of the learning rate that it was made with.
        eps: taken where it cannot be measured, since a hyperparameter is traced.

    Raises:
        InputError: it is another optimizer, or has another learning rate.
    """
    with jax.ensure_compile_time_eval():
        probe = Probe(optimizer, schedule)
        if probe.squares is None:
            return _of_sgd(probe)
        name = type(probe.squares).__name__
        decay = None
        if name != "ScaleByRssState":
            _, after = probe.step(**{probe.field: 1.0})
            decay = getattr(squares_in(after), probe.field)
        is_adam = name == "ScaleByAdamState"
        divisor = _divisor_of_adam(probe, decay) if is_adam else _divisor(probe, decay)
        if is_traced(probe.rate) or is_traced(divisor(1.0)) or not probe.rate:
            return Metric(True, decay, **{"eps" if is_adam else "root": eps})
        for squares in (1.0, 4.0):
            for parameter in (0.0, 1.0):
                _require_one(math.sqrt(squares) / divisor(squares, at=parameter))
        if is_adam:
            _require_one(2.0 / divisor(4.0, count=0))
        return Metric(True, decay, **_added(divisor, eps))


def _of_sgd(probe: Probe) -> Metric:
    if not is_traced(probe.rate) and not probe.rate:
        return Metric(False)
    ahead: Any = 1.0
    if probe.has_trace:
        _, after = probe.step(trace=1.0)
        looked = 1 + probe.trace_of(after)
        is_ahead = abs(_multiple(probe, SMALL, 0.0) - looked) <= CLOSE
        ahead = jnp.where(is_ahead, looked, 1.0)
    for parameter in (0.0, 1.0):
        for gradient in (SMALL, 2 * SMALL):
            ratio = _multiple(probe, gradient, parameter) / ahead
            if is_traced(ratio):
                return Metric(False, ahead=ahead)
            _require_one(ratio)
    return Metric(False, ahead=ahead)


def _multiple(probe: Probe, gradient: float, parameter: float) -> Any:
    """How often learning rate · gradient a parameter is moved by."""
    return _moved(probe, gradient, parameter) / (gradient * probe.rate)


def _divisor_of_adam(probe: Probe, decay: Any) -> Divisor:
    """By the steps that the mean of gradients makes, while there is no gradient."""
    _, after = probe.step(mu=1.0)
    kept = squares_in(after).mu

    def divisor(squares: float, *, at: float = 0.0, count: int = AGED) -> Any:
        corrections = (1 - kept ** (count + 1), 1 - decay ** (count + 1))
        given = {probe.field: squares / decay * corrections[1], "count": count}
        mean, _ = probe.step(at=at, mu=1.0, **given)
        rest, _ = probe.step(at=at, mu=0.0, **given) if at else (0.0, None)
        return probe.rate * kept / corrections[0] / (rest - mean)

    return divisor


def _divisor(probe: Probe, decay: Any) -> Divisor:
    """By the steps that gradients make, too small for their own squares to count."""

    def divisor(squares: float, *, at: float = 0.0, count: int = AGED) -> Any:
        given = {probe.field: squares if decay is None else squares / decay, "count": count}
        gradient = TINY if squares < 1 else SMALL
        return probe.rate * gradient / _moved(probe, gradient, at, **given)

    return divisor


def _moved(probe: Probe, gradient: float, parameter: float, **given: Any) -> Any:
    """How far a gradient moves a parameter down, without what weight decay adds."""
    step, _ = probe.step(gradient, at=parameter, **given)
    rest, _ = probe.step(0.0, at=parameter, **given) if parameter else (0.0, None)
    return rest - step


def _added(divisor: Divisor, given: float) -> dict[str, float]:
    """ε outside and under the root, by the divisor √(v + root) + eps at two v."""
    least = float(divisor(NO_SQUARES))
    if least < NO_EPS:
        return {}
    more = float(divisor(least**2)) - least
    under = (least**2 - more**2) / (2 * more)
    if under < CLOSE * least:
        return {"eps": _rounded(least, given)}
    if least - under < CLOSE * least:
        return {"root": _rounded(least**2, given)}
    return {"eps": least - under, "root": under**2}


def _rounded(measured: float, given: float) -> float:
    """What was given, if it is what was measured, but for rounding."""
    return given if abs(measured - given) <= CLOSE * given else measured


def _require_one(ratio: Any) -> None:
    ratio = float(ratio)
    if not abs(ratio - 1) <= CLOSE:
        raise InputError(
            f"the steps of this optimizer are {ratio:.3g} times those that {KNOWN} make at the "
            "learning rate that regularize was given, and a penalty in mode 'prox' must know them: "
            "give it the optimizer's own learning rate, or use one of these"
        )
