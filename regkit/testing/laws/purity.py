"""A penalty is a function: of its input alone, and with no effect but its result."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, results
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

REPEATS = 5


@law("random-state-untouched", "The global random generators are as they were.")
def random_state_untouched(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """NumPy's legacy generator and Python's own."""
    for shape in SMALL:
        params = penalty.params(Case("normal", shape, 1.0, penalty.seed))
        # NumPy's legacy generator is global state: to look at it is the point here.
        before = np.random.get_state(legacy=False), random.getstate()
        results(penalty, params)
        after = np.random.get_state(legacy=False), random.getstate()
        for owner, one, other in zip(("numpy.random", "random"), before, after, strict=True):
            if repr(one) != repr(other):
                raise Violation(
                    f"a hook draws from the global generator of {owner}",
                    {"params": params},
                    "regularizer.penalty(layer(params)), regularizer.penalty_grad(layer(params))",
                )
        yield True


@law("memoryless", "The same input gives the same output, whatever came before.")
def memoryless(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Repeated calls with others between them, and one array whose entries change in place."""
    for shape in SMALL:
        params = penalty.params(Case("normal", shape, 1.0, penalty.seed))
        other = penalty.params(Case("ties", shape, 3.0, penalty.seed + 1))
        elsewhere = penalty.params(Case("normal", (4, 5), 1.0, penalty.seed))
        first, wanted = results(penalty, params), results(penalty, other)
        for _ in range(REPEATS):
            results(penalty, other)
            results(penalty, elsewhere)
            _require_same(penalty, results(penalty, params), first, params, "again")
        yield True
        # A run updates its parameters in place: the array is the same object in every step.
        kept = params.copy()
        results(penalty, kept)
        for name, array in kept.items():
            array[...] = other[name]
        _require_same(penalty, results(penalty, kept), wanted, other, "after an update in place")
        yield True


def _require_same(
    penalty: PenaltyUnderTest,
    got: dict[str, np.ndarray],
    wanted: dict[str, np.ndarray],
    params: Params,
    when: str,
) -> None:
    for hook, result in got.items():
        if not np.allclose(result, wanted[hook], rtol=1e-14, atol=0, equal_nan=True):
            raise Violation(
                f"{hook} gives another result for the same input when called {when}",
                {"params": params},
                f"[{call_of(penalty, hook)} for _ in range({REPEATS})]",
            )
