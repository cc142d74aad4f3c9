"""What the state of an optax optimizer tells: which of the known optimizers it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from regkit.errors import InputError

KNOWN = "sgd, adam, adamw, rmsprop and adagrad"

SQUARES: Mapping[str, str] = {
    "ScaleByAdamState": "nu",
    "ScaleByRmsState": "nu",
    "ScaleByRmsWithCountState": "nu",
    "ScaleByRStdDevState": "nu",
    "ScaleByRStdDevWithCountState": "nu",
    "ScaleByRssState": "sum_of_squares",
}
"""The states that hold averages or sums of squares, which steps are divided by, and where."""

TRACE = "TraceState"
SCHEDULE = "ScaleByScheduleState"
NEUTRAL = ("EmptyState", "ZeroNansState", SCHEDULE, TRACE)

INSIDE = "put regularize inside, around the optimizer that it wraps"
ADVICE: Mapping[str, str] = {
    "ApplyIfFiniteState": INSIDE,
    "InjectHyperparamsState": "inject into a function that makes the regularized optimizer",
    "InjectStatefulHyperparamsState": "inject into a function that makes the regularized optimizer",
    "LookaheadState": INSIDE,
    "MaskedState": INSIDE,
    "MultiStepsState": INSIDE,
    "PartitionState": INSIDE,
}
"""For optimizers around optimizers, whose steps are not those of the inner one."""


def squares_in(state: Any) -> Any:
    """The part of a state that holds squares; None for SGD, which has none.

    Raises:
        InputError: the optimizer is not known.
    """
    found = []
    for one in parts_of(state):
        name = type(one).__name__
        if name in SQUARES:
            found.append(one)
        elif name not in NEUTRAL and not _is_neutral_mask(one):
            advice = ADVICE.get(name, f"use one of {KNOWN}, or mode 'loss'")
            raise InputError(
                f"a penalty in mode 'prox' must know the steps of the optimizer, and a {name} does "
                f"not tell them: {advice}"
            )
    if len(found) > 1:
        raise InputError(
            f"a penalty in mode 'prox' goes by one optimizer's steps, and this chain has "
            f"{len(found)}: use one of {KNOWN}"
        )
    return found[0] if found else None


def _is_neutral_mask(state: Any) -> bool:
    """Whether it is of a mask around what has no state, such as weight decay."""
    return type(state).__name__ == "MaskedState" and all(
        type(one).__name__ == "EmptyState" for one in parts_of(state.inner_state)
    )


def trace_in(state: Any) -> Any:
    """The part that holds the momentum of SGD or RMSProp, or None."""
    return next((one for one in parts_of(state) if type(one).__name__ == TRACE), None)


def parts_of(state: Any) -> Iterator[Any]:
    """The states of a chain's members."""
    if type(state) is tuple:
        for one in state:
            yield from parts_of(one)
    else:
        yield state


def replaced(state: Any, change: Callable[[Any], Any]) -> Any:
    """A state with its parts changed."""
    if type(state) is tuple:
        return tuple(replaced(one, change) for one in state)
    return change(state)


def require_every_step(state: Any) -> None:
    """Check that an optimizer moves parameters whenever it is asked to.

    Raises:
        InputError: it collects gradients over several steps, so that what is done beside its steps
            would be done too often.
    """
    if any(type(one).__name__ == "MultiStepsState" for one in parts_of(state)):
        raise InputError(
            "penalties in mode 'decoupled' act in each step, and MultiSteps moves only in some: "
            f"{INSIDE}"
        )
