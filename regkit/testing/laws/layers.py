"""Layers of other names, and several in turn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.hooks.modes import LAYER
from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, results
from regkit.testing.laws.directional_derivative import directional_derivative
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects.layer import LAYER_NAMES
from regkit.testing.violation import Violation

OTHERS = ("dense2", "output", "w")
ELSEWHERE = (5, 4)


def _one_array(penalty: PenaltyUnderTest) -> str | None:
    return None if penalty.scope is LAYER else "it is no penalty of single layers"


@law(
    "layers",
    "The same arrays give the same results in a layer of another name, and after other layers; "
    "where a raw plugin tells layers apart, its gradient is right in each.",
    applies=_one_array,
)
def layers(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Three other names, with an array of another shape in between."""
    if not penalty.is_regularizer:
        for name in filter(penalty.answers_in, LAYER_NAMES[1:]):
            try:
                yield from directional_derivative.check(penalty.in_layer(name))
            except Violation as violation:
                violation.call = _in_layer(name, violation.call)
                raise
        return
    between = penalty.one(Case("normal", ELSEWHERE, 1.0, penalty.seed))
    for params in penalty.drawn(Case("normal", shape, 1.0, penalty.seed) for shape in SMALL):
        wanted = results(penalty, params)
        for name in OTHERS:
            other = penalty.in_layer(name)
            if between is not None:
                results(other, between)
            for hook, result in results(other, params).items():
                if not np.array_equal(result, wanted[hook], equal_nan=True):
                    call = call_of(penalty, hook)
                    raise Violation(
                        f"{hook} answers differently for the same arrays in a layer named {name}",
                        {"params": params},
                        f"{call}, {_in_layer(name, call)}",
                        off=float(np.max(np.abs(result - wanted[hook]))),
                    )
            yield any(bool(np.any(result)) for result in wanted.values())


def _in_layer(name: str, call: str) -> str:
    """The source of a call, on a layer of another name."""
    return call.replace("layer(", f"LayerView({name!r}, ")
