"""Other array libraries: what is written for the array API standard runs on any such array."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from regkit.testing.law import law
from regkit.testing.laws.same_on_library import same_proximal_points, same_values
from regkit.testing.libraries import Strict
from regkit.testing.penalty_under_test import PenaltyUnderTest

LIBRARY = Strict()


def _where_declared(name: str) -> Callable[[PenaltyUnderTest], str | None]:
    def applies(penalty: PenaltyUnderTest) -> str | None:
        if not penalty.declared(name):
            return f"the author does not declare {name!r}"
        if name == "array_api_prox" and not penalty.has_prox():
            return "it has no proximal operator"
        if penalty.overrides_hooks:
            return "it overrides hooks"
        if not LIBRARY.is_installed():
            return "to check it: pip install array-api-strict"
        return None

    return applies


@law(
    "array-api",
    "'value' and 'grad' give the same on arrays of array-api-strict, under tracing too: "
    "no branch, index or Python number depends on an entry.",
    applies=_where_declared("array_api"),
    constraints=False,
)
def array_api(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Both dtypes; the value is an array of no dimension."""
    return same_values(penalty, LIBRARY)


@law(
    "array-api-prox",
    "'prox' gives the same on arrays of array-api-strict, under tracing too.",
    applies=_where_declared("array_api_prox"),
)
def array_api_prox(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Both dtypes, with one step and, where it takes them, with an array of steps."""
    return same_proximal_points(penalty, LIBRARY)
