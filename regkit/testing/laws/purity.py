"""A penalty is a pure function: of its input alone, without side effects."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, hooks_of, results
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

REPEATS = 5
SAME = 1e-14


@law(
    "random-state-untouched",
    "The global random generators are unchanged, and so is NumPy's error handling.",
)
def random_state_untouched(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """NumPy's legacy generator and Python's own; what `np.seterr` sets."""
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
        yield _leaves_errors_alone(penalty, params)


def _leaves_errors_alone(penalty: PenaltyUnderTest, params: Params) -> bool:
    with np.errstate(all="warn"):
        before = np.geterr()
        results(penalty, params)
        after = np.geterr()
    if after != before:
        calls = "\n".join(call_of(penalty, hook) for hook in hooks_of(penalty))
        raise Violation(
            "a hook changes NumPy's error handling for the whole program: use np.errstate",
            {"params": params},
            f"before = np.geterr()\n{calls}\nbefore, np.geterr()",
        )
    return True


@law("memoryless", "The same input gives the same output, whatever was called before.")
def memoryless(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Repeated calls with others between them, and arrays whose entries change in place."""
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
        turned = params.map(lambda w: w[::-1, ::-1].copy(), "{}[::-1, ::-1].copy()")
        for updated, answers in ((other, wanted), (turned, results(penalty, turned))):
            kept = params.copy()
            results(penalty, kept)
            for name, array in kept.items():
                array[...] = updated[name]
            bindings = {"params": params, "other": updated}
            when = "after an update in place"
            _require_same(penalty, results(penalty, kept), answers, bindings, when)
            yield True
        yield _keeps_its_answers(penalty, params, other)


def _keeps_its_answers(penalty: PenaltyUnderTest, params: Params, other: Params) -> bool:
    """A run may ask for one layer after another before it uses what was answered."""
    for hook in hooks_of(penalty)[1:]:
        step = penalty.some_step() if hook == penalty.scope.point else None
        answered = penalty.subject.flat(penalty.answer(hook, params, step))
        before = {name: array.copy() for name, array in answered.items()}
        penalty.answer(hook, other, step)
        for name, array in answered.items():
            if not np.array_equal(array, before[name], equal_nan=True):
                raise Violation(
                    f"{hook} writes into the array that it answered before",
                    {"params": params, "other": other},
                    "import copy\n"
                    f"answered = {call_of(penalty, hook)}\nbefore = copy.deepcopy(answered)\n"
                    f"{call_of(penalty, hook, 'other')}\nbefore, answered",
                    off=float(np.max(np.abs(array - before[name]))),
                )
    return True


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
