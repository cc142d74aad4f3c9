"""Layers of other names, and several in turn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.hooks.modes import MODEL, OUTPUTS
from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, results
from regkit.testing.laws.directional_derivative import directional_derivative
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects.layer import LAYER_NAMES
from regkit.testing.subjects.model import nested
from regkit.testing.violation import Violation

OTHERS = ("dense2", "output", "w")
ELSEWHERE = (5, 4)
EXACT = 1e-12

TURNED = ("z", "dense10", "dense2", "a")
"""Names of layers of a model whose order is not the alphabet's."""


def _of_parameters(penalty: PenaltyUnderTest) -> str | None:
    return None if penalty.scope is not OUTPUTS else "it is no penalty of parameters"


@law(
    "layers",
    "The same arrays give the same results in a layer of another name, and after other layers; "
    "where a raw plugin tells layers apart, its gradient is right in each.",
    applies=_of_parameters,
)
def layers(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Three other names, with an array of another shape in between."""
    if penalty.scope is MODEL:
        yield from _renamed(penalty)
        return
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


def _renamed(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """The layers of a model in the same order, under names in another one."""
    if not penalty.is_regularizer or penalty.subject.layers > len(TURNED):
        return
    for params in penalty.drawn(Case("normal", shape, 1.0, penalty.seed) for shape in SMALL):
        wanted = results(penalty, params)
        names = dict(zip(nested(params), TURNED, strict=False))
        other = Params({_renaming(names, name): array for name, array in params.items()})
        for hook, result in results(penalty, other).items():
            if not np.allclose(result, wanted[hook], rtol=EXACT, atol=0, equal_nan=True):
                raise Violation(
                    f"{hook} answers differently for the same arrays in layers named "
                    f"{', '.join(names.values())}",
                    {"params": params, "other": other},
                    f"{call_of(penalty, hook)}, {call_of(penalty, hook, 'other')}",
                    off=float(np.max(np.abs(result - wanted[hook]))),
                    allowed=EXACT * float(np.max(np.abs(wanted[hook]))),
                )
        yield any(bool(np.any(result)) for result in wanted.values())


def _renaming(names: dict[str, str], name: str) -> str:
    layer, _, parameter = name.rpartition(".")
    return f"{names[layer]}.{parameter}"


def _in_layer(name: str, call: str) -> str:
    """The source of a call, on a layer of another name."""
    return call.replace("layer(", f"LayerView({name!r}, ")
