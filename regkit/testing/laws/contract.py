"""The contract beyond mathematics: declarations, fields, spec strings, pickles."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator
from numbers import Real
from typing import Any

from regkit.catalogue.resolve import regularizer as from_spec
from regkit.errors import FieldError
from regkit.hooks.run_plugin import SHAPES
from regkit.regularizers.fields import fields_of
from regkit.regularizers.file import File
from regkit.testing.law import law
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

FLAGS = (
    "consecutive",
    *("convex", "even", "elementwise", "sparsifying", "array_step"),
    *("constraint", "array_api", "array_api_prox"),
)
NUMBERS = ("homogeneous", "minimum", "max_step")
OTHERS = ("shapes", "only_shape", "only_layers", "no_array_step")
DECLARATIONS = (*FLAGS, *NUMBERS, *OTHERS)
OTHER_VALUES = {
    "strength": 0.1 + 0.2,
    "on": ("dense1.weights", "hidden*.biases"),
    "schedule": "warmup:10~step:20:0.5",
    "label": "a label",
}
"""A strength that needs all its digits, selectors of every kind, and the fields of all penalties.
"""

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
    "Each declaration is a bool, a number, a word or a shape, as its name requires.",
    applies=lambda penalty: (
        None
        if any(_declares(penalty, name) for name in DECLARATIONS)
        else "the author declares nothing"
    ),
    prerequisite=True,
)
def declarations(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Flags, numbers, and what restricts shapes and steps."""
    for name in DECLARATIONS:
        if not _declares(penalty, name):
            continue
        declared = penalty.declared(name)
        kind = _must_be(name, declared)
        if kind:
            raise Violation(f"{name} must be {kind}, is {declared!r}", {}, f"regularizer.{name}")
        yield True


def _declares(penalty: PenaltyUnderTest, name: str) -> bool:
    """Whether the author declares it: `constraint` is False where he does not."""
    declared = penalty.declared(name)
    return declared is not None and not (name == "constraint" and declared is False)


def _must_be(name: str, declared: object) -> str | None:
    """What a declaration must be, if it is something else."""
    if name in FLAGS:
        return None if isinstance(declared, bool) else "a bool"
    if name in NUMBERS:
        is_number = isinstance(declared, Real) and not isinstance(declared, bool)
        return None if is_number else "a number"
    if name == "shapes":
        return None if declared in SHAPES else f"one of {', '.join(SHAPES)}"
    if name == "no_array_step":
        return None if isinstance(declared, str) else "the reason, as text"
    if name == "only_layers":
        return None if type(declared) is int and declared > 0 else "a number of layers"
    sizes = declared if isinstance(declared, tuple) else ()
    is_shape = len(sizes) == 2 and all(type(size) is int and size > 0 for size in sizes)
    return None if is_shape else "a tuple of two sizes"


@law(
    "fields",
    "Every field has a default of the field's own type, unless it is a file.",
    applies=_raw,
)
def fields(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Types are checked when a regularizer is built; defaults are not."""
    for field in fields_of(type(penalty.original)):
        call = f"type(regularizer).__dataclass_fields__[{field.name!r}]"
        if field.default is dataclasses.MISSING:
            if field.kind is File:
                continue
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
    left_out = ("strength", "schedule") if penalty.is_constraint else ()
    others = {name: value for name, value in OTHER_VALUES.items() if name not in left_out}
    for regularizer in (penalty.original, dataclasses.replace(penalty.original, **others)):
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
        # One selector may be written without its tuple.
        name = "selectors" if field.name == "on" else field.name
        kept, wanted = getattr(other, name), getattr(one, name)
        if kept != wanted:
            raise Violation(f"{what} gives {field.name}={kept!r} for {wanted!r}", {}, call)
    return True
