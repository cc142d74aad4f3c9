"""The gradient, checked against differences of values, kinks included."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import gradient_cases
from regkit.testing.difference import EPS, brackets, judged
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

ENTRIES = 4
"""The largest number of entries of an array that are checked."""

FEW = 2
"""The same where a penalty is a function of more than two arrays."""


@law(
    "gradient",
    "Every entry of the gradient lies between the one-sided difference quotients of the penalty.",
    constraints=False,
)
def gradient(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Entry by entry over all shapes, scales and patterns, and at likely breakpoints."""
    for number, params in enumerate(filter(penalty.holds, _points(penalty))):
        if not np.isfinite(penalty.value(params)):
            continue  # the law on finite values reports it
        yield from _entries(penalty, params, number)


def _points(penalty: PenaltyUnderTest) -> Iterator[Params]:
    at_breakpoints = penalty.breakpoints()
    for value in at_breakpoints:
        yield penalty.of_entries(np.array([[value, -value], [value / 2, 0.0]]))
    yield from penalty.drawn(gradient_cases(penalty.seed))
    if at_breakpoints:
        among_others = np.resize([*at_breakpoints, -0.3], (4, 3))
        yield penalty.of_entries(among_others)
        yield penalty.of_entries(-among_others)


def _entries(penalty: PenaltyUnderTest, params: Params, number: int) -> Iterator[bool]:
    most = ENTRIES if len(params) <= 2 else FEW
    slopes = penalty.grad(params)
    largest = slopes.size()
    size = params.size()
    # Of the value over the entries' size, and of the entries themselves where curvature is about 1.
    rounding = (
        32
        * EPS
        * ((penalty.unit + abs(penalty.value(params))) / (size or 1.0) + penalty.unit * size)
    )
    for name, array in params.items():
        for index in _chosen(array.shape, (penalty.seed, number), most):
            slope = float(slopes[name][index])
            found = brackets(penalty, params, name, index)
            judgement = judged(
                slope, found, at_zero=array[index] == 0, largest=largest, rounding=rounding
            )
            if not judgement.agrees:
                place = ", ".join(map(str, index))
                raise Violation(
                    f"the gradient is {slope:.9g}, but differences of the penalty give "
                    f"{judgement.low:.9g} … {judgement.high:.9g}",
                    {"params": params},
                    penalty.grad_source() + _entry(penalty, params, name, place),
                    off=judgement.off,
                    allowed=judgement.allowed,
                )
            yield judgement.decided


def _entry(penalty: PenaltyUnderTest, params: Params, name: str, place: str) -> str:
    """The entry of the gradient as Python source: the hook may answer for no such array."""
    answer = penalty.answer(penalty.scope.gradient, params)
    is_there = name in penalty.subject.flat(answer)
    return f"[{name!r}][{place}]" if is_there else f".get({name!r}, 0.0)"


def _chosen(shape: tuple[int, ...], seed: tuple[int, int], most: int) -> list[tuple[int, ...]]:
    """Entries spread over an array, others in each case; all of them if there are few."""
    everything = list(np.ndindex(*shape))
    if len(everything) <= most:
        return everything
    rng = np.random.default_rng(seed)
    ends = {0, len(everything) - 1} if most > FEW else {len(everything) - 1}
    picked = {*ends, *rng.choice(len(everything), most - len(ends)).tolist()}
    return [everything[index] for index in sorted(picked)]
