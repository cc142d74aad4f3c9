"""Arrays as they come: any memory order, float32, and nobody else's to write to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.testing.cases import LARGE, SMALL, Case, ordinary_cases
from regkit.testing.law import Violation, law
from regkit.testing.point import Order, Point
from regkit.testing.subject import Subject

Array = NDArray[Any]

EXACT = 1e-12
ORDERS: tuple[Order, ...] = ("C", "F")


def results(subject: Subject, point: Point) -> dict[str, Array]:
    """What each hook makes of a point, as one flat array each, copied before the next call."""
    found = {
        "penalty": np.array([subject.value(point)]),
        "penalty_grad": subject.grad(point).flat(),
    }
    if subject.has_prox():
        found["penalty_prox"] = subject.prox(point, subject.some_step()).flat()
    return found


def call_of(subject: Subject, hook: str, point: str = "point") -> str:
    """How a hook is called on a point, as Python source."""
    step = f", {subject.some_step()!r}" if hook == "penalty_prox" else ""
    return f"regularizer.{hook}(layer({point}){step})"


def _every_other(array: Array) -> Array:
    spread = np.full((2 * array.shape[0], 3 * array.shape[1]), np.nan, dtype=array.dtype)
    spread[::2, ::3] = array
    return spread[::2, ::3]


Layout = tuple[Callable[[Array], Array], str]
"""How an array is laid out anew, and how that is written."""

C_ORDERED: Layout = (np.array, "{}")
LAYOUTS: dict[str, Layout] = {
    "Fortran-ordered": (np.asfortranarray, "np.asfortranarray({})"),
    "strided": (_every_other, "np.repeat(np.repeat({}, 2, axis=0), 3, axis=1)[::2, ::3]"),
    "reversed": (lambda a: a[::-1, ::-1].copy()[::-1, ::-1], "{}[::-1, ::-1].copy()[::-1, ::-1]"),
}


@law("memory-layout", "Results do not depend on how the array lies in memory, to 1e-12.")
def memory_layout(subject: Subject) -> Iterator[bool]:
    """C-ordered against Fortran-ordered, strided and reversed arrays, all of them read-only."""
    for case in ordinary_cases(subject.seed):
        point = subject.point(case)
        wanted = results(subject, point)
        for layout, (lay_out, template) in LAYOUTS.items():
            other = point.map(lay_out, template)
            for hook, got in results(subject, other).items():
                if not _close(got, wanted[hook]):
                    raise Violation(
                        f"{hook} of a {layout} array differs from that of a C-ordered one",
                        {"point": point, "other": other},
                        f"{call_of(subject, hook)}, {call_of(subject, hook, 'other')}",
                    )
            yield case.shape != (1, 1)


@law("input-untouched", "A hook leaves the parameters as they are, bit by bit.")
def input_untouched(subject: Subject) -> Iterator[bool]:
    """Writable arrays in both orders and dtypes, compared byte by byte."""
    for shape in (*SMALL, LARGE):
        for dtype in (np.float32, np.float64):
            for order in ORDERS:
                case = Case("negative zeros", shape, 1.0, subject.seed)
                yield _writes_nothing(subject, subject.point(case).astype(dtype, order))


def _writes_nothing(subject: Subject, point: Point) -> bool:
    for hook in ("penalty", "penalty_grad", *(["penalty_prox"] * subject.has_prox())):
        given = point.copy()
        layer = subject.layer(given)
        layer.params = dict(given)
        step = [subject.some_step()] if hook == "penalty_prox" else []
        subject.call(hook, point, layer, *step)
        for name, array in point.items():
            if array.tobytes() != given[name].tobytes():
                raise Violation(
                    f"{hook} writes to {name}",
                    {"point": point},
                    f"{call_of(subject, hook)}, point",
                )
    return True


@law(
    "float64-accumulation",
    "A float32 parameter's penalty is accumulated in float64: the change of one entry among many "
    "is seen.",
)
def float64_accumulation(subject: Subject) -> Iterator[bool]:
    """One entry changes so little that a float32 sum, which has seven digits, must miss it."""
    shape = (40, 30)
    before = subject.point(Case("normal", shape, 1.0, subject.seed)).astype(np.float32)
    wide = before.astype(np.float64)
    start = subject.value(before), subject.value(wide)
    name = next(iter(before))
    rng = np.random.default_rng(subject.seed)
    for share in (2.0**-16, 2.0**-18, 2.0**-20):
        for index in rng.integers(0, shape, size=(6, 2)):
            entry = tuple(int(i) for i in index)
            after = before.copy()
            after[name][entry] *= np.float32(1 + share)
            seen = subject.value(after) - start[0]
            true = subject.value(after.astype(np.float64)) - start[1]
            tells = 1e-12 * abs(start[1]) < abs(true) < 1e-8 * abs(start[1])
            if tells and abs(seen - true) > 0.5 * abs(true):
                raise Violation(
                    f"the penalty changes by {seen:.3g} where float64 says {true:.3g}: "
                    "it is accumulated in float32",
                    {"point": before},
                    f"before = regularizer.penalty(layer(point))\n"
                    f"point[{name!r}][{entry[0]}, {entry[1]}] *= np.float32({1 + share!r})\n"
                    "regularizer.penalty(layer(point)) - before",
                )
            yield tells


def _close(got: Array, wanted: Array) -> bool:
    largest = np.max(np.abs(wanted), initial=0)
    return bool(np.max(np.abs(got - wanted), initial=0) <= EXACT * largest)
