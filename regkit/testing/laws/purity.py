"""A penalty is a pure function: of its input alone, without side effects."""

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
SAME = 1e-14


@law("random-state-untouched", "The global random generators are unchanged.")
def random_state_untouched(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """NumPy's legacy generator and Python's own."""
    for params in penalty.drawn(Case("normal", shape, 1.0, penalty.seed) for shape in SMALL):
        # NumPy's legacy generator is global state; reading it is the purpose here.
        before = np.random.get_state(legacy=False), random.getstate()
        results(penalty, params)
        after = np.random.get_state(legacy=False), random.getstate()
        for owner, one, other in zip(("numpy.random", "random"), before, after, strict=True):
            if repr(one) != repr(other):
                state = "repr(np.random.get_state(legacy=False)), repr(random.getstate())"
                calls = "\n".join(call_of(penalty, hook) for hook in results(penalty, params))
                raise Violation(
                    f"a hook draws from the global generator of {owner}",
                    {"params": params},
                    f"import random\nbefore = {state}\n{calls}\n"
                    f"[one == other for one, other in zip(before, ({state}))]",
                )
        yield True


@law("memoryless", "The same input gives the same output, whatever was called before.")
def memoryless(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Repeated calls with others between them, and one array whose entries change in place."""
    for shape in SMALL:
        params = penalty.one(Case("normal", shape, 1.0, penalty.seed))
        other = penalty.one(Case("ties", shape, 3.0, penalty.seed + 1))
        elsewhere = penalty.one(Case("normal", (4, 5), 1.0, penalty.seed))
        if params is None or other is None or elsewhere is None:
            continue
        first, wanted = results(penalty, params), results(penalty, other)
        for _ in range(REPEATS):
            results(penalty, other)
            results(penalty, elsewhere)
            _require_same(penalty, results(penalty, params), first, {"params": params}, "again")
        yield True
        # A run updates its parameters in place: the array is the same object in every step.
        kept = params.copy()
        results(penalty, kept)
        for name, array in kept.items():
            array[...] = other[name]
        bindings = {"params": params, "other": other}
        when = "after an update in place"
        _require_same(penalty, results(penalty, kept), wanted, bindings, when)
        yield True


def _require_same(
    penalty: PenaltyUnderTest,
    got: dict[str, np.ndarray],
    wanted: dict[str, np.ndarray],
    bindings: dict[str, Params],
    when: str,
) -> None:
    for hook, result in got.items():
        if not np.allclose(result, wanted[hook], rtol=SAME, atol=0, equal_nan=True):
            call = f"[{call_of(penalty, hook)} for _ in range({REPEATS})]"
            if "other" in bindings:
                call = (
                    f"{call_of(penalty, hook)}\n"
                    "for name in params:\n    params[name][...] = other[name]\n\n"
                    f"{call_of(penalty, hook)}, {call_of(penalty, hook, 'other')}"
                )
            raise Violation(
                f"{hook} gives a different result for the same input when called {when}",
                bindings,
                call,
                off=float(np.max(np.abs(result - wanted[hook]))),
                allowed=SAME * float(np.max(np.abs(wanted[hook]))),
            )
