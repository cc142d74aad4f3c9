"""Laws on the arrays of a backend, for penalties that run on them without a bridge."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from regkit.testing.law import Law, law
from regkit.testing.laws.same_on_library import same_proximal_points, same_values
from regkit.testing.libraries import Library
from regkit.testing.penalty_under_test import PenaltyUnderTest

VALUES = "values and gradients"
POINTS = "proximal points"


def laws_on(library: Library) -> tuple[Law, ...]:
    """The law on values and gradients, named after the library, and that on proximal points."""

    @law(
        library.name,
        f"For {library.array_name}, 'value' and 'grad' give what they give for the NumPy array of "
        "the same numbers, and leave it unchanged; the value has no dimension.",
        applies=_unless_bridged("array_api", VALUES),
        constraints=False,
    )
    def values(penalty: PenaltyUnderTest) -> Iterator[bool]:
        return same_values(penalty, library)

    @law(
        f"{library.name}-prox",
        f"For {library.array_name}, 'prox' gives what it gives for the NumPy array of the same "
        "numbers, and leaves it unchanged.",
        applies=_unless_bridged("array_api_prox", POINTS),
    )
    def points(penalty: PenaltyUnderTest) -> Iterator[bool]:
        return same_proximal_points(penalty, library)

    return values, points


def _unless_bridged(declaration: str, results: str) -> Callable[[PenaltyUnderTest], str | None]:
    """Where the class takes arrays of any library; others are called with copies in NumPy."""

    def applies(penalty: PenaltyUnderTest) -> str | None:
        if results == POINTS and not penalty.has_prox():
            return "it has no proximal operator"
        why = _bridged_since(penalty, declaration)
        return why and f"its {results} are bridged over the CPU: {why}"

    return applies


def _bridged_since(penalty: PenaltyUnderTest, declaration: str) -> str | None:
    if not penalty.is_regularizer:
        return "it is a raw plugin"
    if penalty.overrides_hooks:
        return "it overrides hooks"
    return None if penalty.declared(declaration) else f"it does not declare {declaration!r}"
