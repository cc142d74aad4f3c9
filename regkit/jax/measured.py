"""The metric of an optimizer, measured: its state does not hold its hyperparameters.

A metric that differed from what the optimizer divides by would move the solution without a word. So
the optimizer is asked for steps of one parameter from states that are made up, and what it answers
is compared with what one of its kind must answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from regkit.array_libraries import is_traced
from regkit.errors import InputError
from regkit.jax.metric import Metric
from regkit.jax.probe import AGED, Probe
from regkit.jax.rates import Schedule
from regkit.jax.states import KNOWN, squares_in

CLOSE = 4e-3
"""The relative difference up to which two measurements are one: a momentum may have 16 bits."""

ROUGHLY = 0.05

SMALL = 1e-3
"""A gradient that is clipped by nobody."""

TINY = 1e-17
"""A gradient whose square is nothing beside `NO_SQUARES`."""

NO_SQUARES = 1e-30
"""Squares that are nothing beside any ε, and still some for AdaGrad, which does not move at 0."""

NO_EPS = 1e-14
"""A divisor without squares that is no ε, but what rounding leaves."""

Pull = Callable[..., Any]
"""(squares, at=parameter, count=steps so far): how far a direction of 1 moves a parameter down."""


class OtherRateError(InputError):
    """An optimizer has another learning rate than is said."""


def metric_of(optimizer: Any, schedule: Schedule, eps: float) -> Metric:
    """The metric of an optimizer.

    Args:
        optimizer: a transformation of optax: sgd, adam, adamw, rmsprop or adagrad.
        schedule: of the learning rate that it was made with.
        eps: taken where it cannot be measured, since a hyperparameter is traced.

    Raises:
        OtherRateError: it has another learning rate.
        InputError: it is another optimizer.
    """
    with jax.ensure_compile_time_eval():
        probe = Probe(optimizer, schedule)
        return _of_sgd(probe) if probe.squares is None else _of_adaptive(probe, eps)


def _of_sgd(probe: Probe) -> Metric:
    if not is_traced(probe.rate) and not probe.rate:
        return Metric(False)
    ahead: Any = 1.0
    if probe.has_trace:
        is_ahead = abs(_moved(probe, SMALL) / SMALL / probe.rate - 1 - probe.momentum()) <= CLOSE
        ahead = jnp.where(is_ahead, 1 + probe.momentum(), 1.0)
    pulls = [
        _moved(probe, gradient, at) / gradient / ahead
        for at in (0.0, 1.0)
        for gradient in (SMALL, 2 * SMALL)
    ]
    if not any(map(is_traced, (probe.rate, *pulls))):
        _require_known(probe, [float(one) / probe.rate for one in pulls])
        _require_rates(probe, lambda: _moved(probe, SMALL) / SMALL / ahead)
    return Metric(False, ahead=ahead)


def _of_adaptive(probe: Probe, eps: float) -> Metric:
    name = type(probe.squares).__name__
    decay = None
    if name != "ScaleByRssState":
        _, after = probe.step(**{probe.field: 1.0})
        decay = getattr(squares_in(after), probe.field)
    is_adam = name == "ScaleByAdamState"
    pull = _pull_of_adam(probe, decay) if is_adam else _pull(probe, decay)
    if is_traced(probe.rate) or is_traced(pull(1.0)) or not probe.rate:
        return Metric(True, decay, **{"eps" if is_adam else "root": eps})
    added = _added(lambda squares: probe.rate / float(pull(squares)), eps)

    def rate(squares: float, **more: Any) -> float:
        divisor = math.sqrt(squares + added.get("root", 0.0)) + added.get("eps", 0.0)
        return float(pull(squares, **more)) * divisor

    rates = [rate(squares, at=parameter) for squares in (1.0, 4.0) for parameter in (0.0, 1.0)]
    # The correction of a first step magnifies the rounding of a momentum of 16 bits.
    if is_adam and abs(rate(4.0, count=0) / rate(4.0) - 1) > ROUGHLY:
        raise _another()
    _require_known(probe, [one / probe.rate for one in rates])
    _require_rates(probe, lambda: rate(1.0))
    return Metric(True, decay, **added)


def _pull_of_adam(probe: Probe, decay: Any) -> Pull:
    """By the steps that the mean of gradients makes, while there is no gradient."""
    _, after = probe.step(mu=1.0)
    kept = squares_in(after).mu

    def pull(squares: float, *, at: float = 0.0, count: int = AGED) -> Any:
        corrections = (1 - kept ** (count + 1), 1 - decay ** (count + 1))
        given = {probe.field: squares / decay * corrections[1], "count": count}
        mean, _ = probe.step(at=at, mu=1.0, **given)
        rest, _ = probe.step(at=at, mu=0.0, **given) if at else (0.0, None)
        return (rest - mean) * corrections[0] / kept

    return pull


def _pull(probe: Probe, decay: Any) -> Pull:
    """By the steps that gradients make, too small for their own squares to count."""

    def pull(squares: float, *, at: float = 0.0, count: int = AGED) -> Any:
        given = {probe.field: squares if decay is None else squares / decay, "count": count}
        gradient = TINY if squares < 1 else SMALL
        return _moved(probe, gradient, at, **given) / gradient

    return pull


def _moved(probe: Probe, gradient: float, at: float = 0.0, **given: Any) -> Any:
    """How far a gradient moves a parameter down, without what weight decay adds."""
    step, _ = probe.step(gradient, at=at, **given)
    rest, _ = probe.step(0.0, at=at, **given) if at else (0.0, None)
    return rest - step


def _added(divisor: Callable[[float], float], given: float) -> dict[str, float]:
    """ε outside and under the root, by the divisor √(v + root) + eps at two v."""
    least = divisor(NO_SQUARES)
    if not NO_EPS <= least < math.inf:
        return {}
    more = divisor(least**2) - least
    under = (least**2 - more**2) / (2 * more) if more > 0 else 0.0
    if under < CLOSE * least:
        return {"eps": _rounded(least, given)}
    if least - under < CLOSE * least:
        return {"root": _rounded(least**2, given)}
    return {"eps": least - under, "root": under**2}


def _rounded(measured: float, given: float) -> float:
    """What was given, if it is what was measured, but for rounding."""
    return given if abs(measured - given) <= CLOSE * given else measured


def _require_known(probe: Probe, ratios: Sequence[float]) -> None:
    """Check that all steps are those of a known optimizer, by their ratios to its steps.

    Raises:
        OtherRateError: all steps are larger, or smaller, by one factor.
        InputError: they differ otherwise.
    """
    if all(abs(ratio - 1) <= CLOSE for ratio in ratios):
        return
    looks_ahead = probe.has_trace and abs(ratios[0] - 1 - probe.momentum()) <= CLOSE
    if max(ratios) - min(ratios) <= CLOSE * max(ratios) and not looks_ahead:
        raise _other_rate(probe, ratios[0] * probe.rate)
    raise _another()


def _another() -> InputError:
    return InputError(
        "a penalty in mode 'prox' must know the steps of the optimizer, and this one makes others "
        f"than {KNOWN} do: use one of these (AMSGrad and Nesterov's variants of Adam and RMSProp "
        "are others, too)"
    )


def _require_rates(probe: Probe, measured: Callable[[], Any]) -> None:
    """Check the learning rate at several steps, if there is a schedule.

    Raises:
        OtherRateError: the optimizer has another one.
    """
    for _ in probe.at_each_rate():
        found = float(measured())
        if abs(found - probe.rate) > CLOSE * max(found, probe.rate):
            raise _other_rate(probe, found)


def _other_rate(probe: Probe, found: float) -> OtherRateError:
    return OtherRateError(
        f"the learning rate of this optimizer is {found:.3g} at step {probe.count}, and regularize "
        f"was given {probe.rate:.3g}: give it the optimizer's own, a number or a schedule"
    )
