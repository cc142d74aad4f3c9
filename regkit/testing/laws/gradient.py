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


@law(
    "gradient",
    "Every entry of the gradient lies between the one-sided difference quotients of the penalty.",
)
def gradient(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Entry by entry over all shapes, scales and patterns, and at likely breakpoints."""
    for params in _points(penalty):
        if not np.isfinite(penalty.value(params)):
            continue  # the law on finite values reports it
        yield from _entries(penalty, params)


def _points(penalty: PenaltyUnderTest) -> Iterator[Params]:
    at_breakpoints = penalty.breakpoints()
    for value in at_breakpoints:
        yield penalty.of_entries(np.array([[value, -value], [value / 2, 0.0]]))
    for case in gradient_cases(penalty.seed):
        yield penalty.params(case)
    if at_breakpoints:
        among_others = np.resize([*at_breakpoints, -0.3], (4, 3))
        yield penalty.of_entries(among_others)
        yield penalty.of_entries(-among_others)


def _entries(penalty: PenaltyUnderTest, params: Params) -> Iterator[bool]:
    slopes = penalty.grad(params)
    largest = slopes.size()
    rounding = 32 * EPS * (penalty.unit + abs(penalty.value(params))) / (params.size() or 1.0)
    for name, array in params.items():
        for index in _chosen(array.shape, penalty.seed):
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
                    f"regularizer.penalty_grad(layer(params))[{name!r}][{place}]",
                )
            yield judgement.decided


def _chosen(shape: tuple[int, ...], seed: int) -> list[tuple[int, ...]]:
    """Entries spread over an array; all of them if there are few."""
    everything = list(np.ndindex(*shape))
    if len(everything) <= ENTRIES:
        return everything
    rng = np.random.default_rng(seed)
    picked = {0, len(everything) - 1, *rng.choice(len(everything), ENTRIES - 2).tolist()}
    return [everything[index] for index in sorted(picked)]
