"""Arrays of any memory layout and dtype, which a hook must not change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import LARGE, SMALL, Case, ordinary_cases
from regkit.testing.law import law
from regkit.testing.params import Order, Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

EXACT = 1e-12
ORDERS: tuple[Order, ...] = ("C", "F")


def hooks_of(penalty: PenaltyUnderTest) -> tuple[str, ...]:
    """The names of the hooks that it has."""
    hooks = (penalty.scope.value, penalty.scope.gradient)
    return (*hooks, str(penalty.scope.point)) if penalty.has_prox() else hooks


def results(penalty: PenaltyUnderTest, params: Params) -> dict[str, Array]:
    """The result of each hook on parameters as a flat array, copied before the next call."""
    found = {
        penalty.scope.value: np.array([penalty.value(params)]),
        penalty.scope.gradient: penalty.grad(params).flat(),
    }
    if penalty.has_prox():
        found[str(penalty.scope.point)] = penalty.prox(params, penalty.some_step()).flat()
    return found


def call_of(penalty: PenaltyUnderTest, hook: str, params: str = "params") -> str:
    """The call of a hook, as Python source."""
    return penalty.subject.source(hook, params, repr(penalty.some_step()))


def _every_other(array: Array) -> Array:
    spread = np.full((2 * array.shape[0], 3 * array.shape[1]), np.nan, dtype=array.dtype)
    spread[::2, ::3] = array
    return spread[::2, ::3]


Layout = tuple[Callable[[Array], Array], str]
"""Functions that change an array's layout, each with its Python source."""

C_ORDERED: Layout = (np.array, "{}")
LAYOUTS: dict[str, Layout] = {
    "Fortran-ordered": (np.asfortranarray, "np.asfortranarray({})"),
    "strided": (_every_other, "np.repeat(np.repeat({}, 2, axis=0), 3, axis=1)[::2, ::3]"),
    "reversed": (lambda a: a[::-1, ::-1].copy()[::-1, ::-1], "{}[::-1, ::-1].copy()[::-1, ::-1]"),
}


@law("memory-layout", "Results do not depend on the array's memory layout, to 1e-12.")
def memory_layout(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """C-ordered against Fortran-ordered, strided and reversed arrays, all of them read-only."""
    for params in penalty.drawn(ordinary_cases(penalty.seed)):
        wanted = results(penalty, params)
        for layout, (lay_out, template) in LAYOUTS.items():
            other = params.map(lay_out, template)
            for hook, got in results(penalty, other).items():
                off, allowed = _distance(got, wanted[hook])
                if not off <= allowed:
                    raise Violation(
                        f"{hook} of a {layout} array differs from that of a C-ordered one",
                        {"params": params, "other": other},
                        f"{call_of(penalty, hook)}, {call_of(penalty, hook, 'other')}",
                        off=off,
                        allowed=allowed,
                    )
            yield params.flat().size > 1


@law("input-untouched", "A hook leaves the parameters unchanged, bit for bit.")
def input_untouched(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Writable arrays in both orders and dtypes, compared byte by byte."""
    cases = [Case("negative zeros", shape, 1.0, penalty.seed) for shape in (*SMALL, LARGE)]
    for params in penalty.drawn(cases):
        for dtype in (np.float32, np.float64):
            for order in ORDERS:
                yield _writes_nothing(penalty, params.astype(dtype, order))


def _writes_nothing(penalty: PenaltyUnderTest, params: Params) -> bool:
    for hook in hooks_of(penalty):
        given = params.copy()
        step = penalty.some_step() if hook == penalty.scope.point else None
        penalty.answer(hook, given, step, writable=True)
        for name, array in params.items():
            if array.tobytes() != given[name].tobytes():
                raise Violation(
                    f"{hook} writes to {name}",
                    {"params": params},
                    f"{penalty.subject.writable_source(hook, repr(penalty.some_step()))}, params",
                )
    return True


@law(
    "float64-accumulation",
    "A float32 parameter's penalty is accumulated in float64: a change of one entry among many "
    "shows.",
    constraints=False,
)
def float64_accumulation(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """One entry changes too little to show in the seven digits of a float32 sum."""
    shape = (40, 30)
    drawn = penalty.one(Case("normal", shape, 1.0, penalty.seed))
    if drawn is None:
        return
    before = drawn.astype(np.float32)
    wide = before.astype(np.float64)
    start = penalty.value(before), penalty.value(wide)
    name = next(iter(before))
    rng = np.random.default_rng(penalty.seed)
    for share in (2.0**-16, 2.0**-18, 2.0**-20):
        for index in rng.integers(0, before[name].shape, size=(6, 2)):
            entry = tuple(int(i) for i in index)
            after = before.copy()
            after[name][entry] *= np.float32(1 + share)
            seen = penalty.value(after) - start[0]
            true = penalty.value(after.astype(np.float64)) - start[1]
            tells = 1e-12 * abs(start[1]) < abs(true) < 1e-8 * abs(start[1])
            if tells and abs(seen - true) > 0.5 * abs(true):
                raise Violation(
                    f"the penalty changes by {seen:.3g} instead of {true:.3g}: "
                    "it is accumulated in float32",
                    {"params": before},
                    f"before = {penalty.value_source()}\n"
                    f"params[{name!r}][{entry[0]}, {entry[1]}] *= np.float32({1 + share!r})\n"
                    f"{penalty.value_source()} - before",
                    off=abs(seen - true),
                    allowed=0.5 * abs(true),
                )
            yield tells


def _distance(got: Array, wanted: Array) -> tuple[float, float]:
    """The largest difference, and how large it may be."""
    # Of a constraint, both may be infinite.
    largest = np.max(np.abs(wanted[np.isfinite(wanted)]), initial=0)
    differ = got != wanted
    off = np.max(np.abs(got[differ] - wanted[differ]), initial=0)
    return float(off), EXACT * float(largest)
