"""The contract beyond mathematics: declarations, fields, spec strings, pickles."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator
from numbers import Real
from typing import Any

from regkit.catalogue.resolve import regularizer as from_spec
from regkit.errors import FieldError
from regkit.regularizers.fields import fields_of
from regkit.testing.law import law
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

FLAGS = ("convex", "even", "elementwise", "sparsifying", "array_step")
NUMBERS = ("homogeneous", "minimum", "max_step")
OTHER_VALUES = {"strength": 0.1 + 0.2, "on": ("dense1.weights", "hidden*.biases")}
"""A strength that needs all its digits, and selectors of every kind."""

AGAIN_BY_SPEC = (
    "again = regkit.regularizer(str(regularizer), classes=[type(regularizer)])\n"
    "vars(regularizer), vars(again)"
)
AGAIN_BY_PICKLE = (
    "import pickle\nagain = pickle.loads(pickle.dumps(regularizer))\nvars(regularizer), vars(again)"
)
"""Python source that shows that a regularizer does not come back the same."""


def _raw(penalty: PenaltyUnderTest) -> str | None:
    return None if penalty.is_regularizer else "a raw plugin is not a Regularizer"


@law(
    "declarations",
    "Each declaration is a bool or a number, as its name requires.",
    applies=lambda penalty: (
        None
        if any(penalty.declared(name) is not None for name in (*FLAGS, *NUMBERS))
        else "the author declares nothing"
    ),
    prerequisite=True,
)
def declarations(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Flags and numbers; nothing else is claimed."""
    for names, wanted in ((FLAGS, bool), (NUMBERS, Real)):
        for name in names:
            declared = penalty.declared(name)
            if declared is None:
                continue
            if not isinstance(declared, wanted) or (wanted is Real and isinstance(declared, bool)):
                kind = "a bool" if wanted is bool else "a number"
                raise Violation(
                    f"{name} must be {kind}, is {declared!r}", {}, f"regularizer.{name}"
                )
            yield True


@law("fields", "Every field has a default of the field's own type.", applies=_raw)
def fields(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Types are checked when a regularizer is built; defaults are not."""
    for field in fields_of(type(penalty.original)):
        call = f"type(regularizer).__dataclass_fields__[{field.name!r}]"
        if field.default is dataclasses.MISSING:
            problem = f"{field.owner}: {field.name} has no default, so the bare name is not a spec"
            raise Violation(problem, {}, call)
        try:
            field.checked(field.default)
        except FieldError as error:
            raise Violation(f"the default is wrong: {error}", {}, call) from error
        yield True


@law(
    "spec-round-trip",
    "The regularizer's spec string gives the same regularizer back.",
    applies=_raw,
)
def spec_round_trip(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """As given, and with other values of the fields that every regularizer has."""
    for regularizer in (penalty.original, dataclasses.replace(penalty.original, **OTHER_VALUES)):
        cls = type(regularizer)
        try:
            again = from_spec(str(regularizer), classes=[] if penalty.offer else [cls])
        except Exception as error:
            raise Violation(
                f"{type(error).__name__}: {error}", {}, "regkit.regularizer(str(regularizer))"
            ) from error
        yield _same(regularizer, again, f"its spec {str(regularizer)!r}", AGAIN_BY_SPEC)


def _cannot_pickle(penalty: PenaltyUnderTest) -> str | None:
    if "<locals>" in type(penalty.original).__qualname__:
        return "its class is defined inside a function, where pickle cannot find it"
    return _raw(penalty)


@law("pickle-round-trip", "A pickled regularizer comes back the same.", applies=_cannot_pickle)
def pickle_round_trip(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Fields compared one by one: regularizers themselves are equal by identity."""
    try:
        again = pickle.loads(pickle.dumps(penalty.original))
    except Exception as error:
        raise Violation(
            f"{type(error).__name__}: {error}", {}, "import pickle\npickle.dumps(regularizer)"
        ) from error
    yield _same(penalty.original, again, "its pickle", AGAIN_BY_PICKLE)


def _same(one: Any, other: Any, what: str, call: str) -> bool:
    if type(one) is not type(other):
        raise Violation(f"{what} gives a {type(other).__name__}", {}, call)
    for field in dataclasses.fields(one):
        kept, wanted = getattr(other, field.name), getattr(one, field.name)
        if kept != wanted:
            raise Violation(f"{what} gives {field.name}={kept!r} for {wanted!r}", {}, call)
    return True
