"""What an author declares about a penalty, checked against its values and gradients."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import numpy as np

from regkit.testing.cases import LARGER, SCALED, SCALES, SMALL, Case, value_cases
from regkit.testing.difference import NOISE
from regkit.testing.law import law, where_declared
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects import ModelSubject
from regkit.testing.violation import Violation

EXACT = 1e-12
FACTORS = ((0.5, 1e3), (3.0, 1e-3), (2.0, 0.3))
"""They alternate from case to case."""


@law("even", "f(−w) = f(w).", applies=where_declared("even"), constraints=False)
def even(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Values only: the gradient at a kink is a choice, which need not be odd."""
    for params in penalty.drawn(value_cases(penalty.seed)):
        value, mirrored = penalty.value(params), penalty.value(params.times(-1.0))
        if abs(value - mirrored) > NOISE * abs(value):
            raise Violation(
                f"f(w) is {value!r} and f(−w) is {mirrored!r}",
                {"params": params, "mirrored": params.times(-1.0)},
                f"{penalty.value_source()}, {penalty.value_source('mirrored')}",
                off=abs(value - mirrored),
                allowed=NOISE * abs(value),
            )
        yield bool(np.isfinite(value)) and value != 0


def _no_degree(penalty: PenaltyUnderTest) -> str | None:
    """Degree 0 counts as declared."""
    declared = penalty.declared("homogeneous")
    return "the author does not declare 'homogeneous'" if declared is None else None


@law(
    "homogeneous",
    "f(t·w) = tᵈ·f(w) for t > 0, d the declared degree.",
    applies=_no_degree,
    constraints=False,
)
def homogeneous(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Factors from 1e-3 to 1e3; at 0 there is nothing to compare."""
    degree = penalty.declared("homogeneous")
    for params, factors in zip(penalty.drawn(value_cases(penalty.seed)), cycle(FACTORS)):
        value = penalty.value(params)
        for factor in factors if params.size() else ():
            scaled = params.times(factor)
            wanted, got = factor**degree * value, penalty.value(scaled)
            # Where terms cancel, rounding is relative to them, as if |f(w)| were ‖w‖ᵈ.
            rounding = NOISE * penalty.unit * scaled.size() ** degree
            allowed = EXACT * abs(wanted) + rounding
            if abs(got - wanted) > allowed:
                raise Violation(
                    f"f({factor:g}·w) is {got!r}, but {factor:g}^{degree:g}·f(w) is {wanted!r}",
                    {"params": params, "scaled": scaled},
                    f"{penalty.value_source()}, {penalty.value_source('scaled')}",
                    off=abs(got - wanted),
                    allowed=allowed,
                )
            yield bool(np.isfinite(wanted)) and wanted != 0


def _no_minimum(penalty: PenaltyUnderTest) -> str | None:
    """A minimum of 0 counts as declared."""
    declared = penalty.declared("minimum")
    return "the author does not declare 'minimum'" if declared is None else None


@law("minimum", "No value is below the declared minimum.", applies=_no_minimum, constraints=False)
def minimum(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Only cases that reach it are conclusive: whether others can depends on their shape."""
    for params in penalty.drawn(value_cases(penalty.seed)):
        value = penalty.value(params)
        least = penalty.declared("minimum") * penalty.unit / penalty.subject.samples(params)
        noise = NOISE * (penalty.unit + abs(value))
        if value < least - noise:
            raise Violation(
                f"the value {value!r} is below the declared minimum, {least!r} at this strength",
                {"params": params},
                penalty.value_source(),
                off=least - value,
                allowed=noise,
            )
        yield value <= least + noise


def _no_sum(penalty: PenaltyUnderTest) -> str | None:
    if penalty.overrides_hooks or isinstance(penalty.subject, ModelSubject):
        return "it looks at several arrays at once"
    return "it is defined for one shape only" if penalty.subject.only else None


@law(
    "elementwise",
    "The penalty is the sum of the penalties of single entries.",
    applies=where_declared("elementwise", also=_no_sum),
    constraints=False,
)
def elementwise(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Entry by entry, as arrays of one."""
    cases = [
        Case(pattern, shape, scale, penalty.seed)
        for shape, patterns in (
            *((small, SCALED) for small in SMALL),
            *((larger, ("normal", "some zeros")) for larger in LARGER),
        )
        for pattern in patterns
        for scale in SCALES[::4]
    ]
    for params in penalty.drawn(cases):
        whole = penalty.value(params) * penalty.subject.samples(params)
        parts = [penalty.value(penalty.of_entries(entry[None, None])) for entry in params.flat()]
        off, allowed = abs(whole - sum(parts)), EXACT * sum(map(abs, parts))
        if off > allowed:
            entry = penalty.of_entries(np.array([[0.0]]))
            name = next(iter(entry))
            raise Violation(
                f"the penalty is {whole!r}, and its entries' penalties sum to {sum(parts)!r}",
                {"params": params},
                f"entries = [{{{name!r}: np.array([[e]])}} for e in params[{name!r}].ravel()]\n"
                f"parts = [{penalty.value_source('one')} for one in entries]\n"
                f"{penalty.value_source()} * {penalty.subject.samples(params)}, sum(parts)",
                off=off,
                allowed=allowed,
            )
        yield len(parts) > 1 and whole != 0
