"""Other array libraries: what is written for the array API standard runs on any such array."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import numpy as np

from regkit.testing.cases import LARGER, SMALL, WIDE, Case
from regkit.testing.law import law
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

LIBRARY = "array_api_strict"
EXACT = {np.float64: 1e-12, np.float32: 1e-5}
NEED_NUMBERS = ("__bool__", "__float__", "__int__", "__index__")
"""What fails on an array that is being traced, as under `jax.jit`: its entries are not known."""


def _where_declared(name: str) -> Callable[[PenaltyUnderTest], str | None]:
    def applies(penalty: PenaltyUnderTest) -> str | None:
        if not penalty.declared(name):
            return f"the author does not declare {name!r}"
        if name == "array_api_prox" and not penalty.has_prox():
            return "it has no proximal operator"
        if penalty.overrides_hooks:
            return "it overrides hooks"
        if importlib.util.find_spec(LIBRARY) is None:
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
    for params in _points(penalty):
        for method in ("value", "grad"):
            _require_same(penalty, method, params)
        yield True


@law(
    "array-api-prox",
    "'prox' gives the same on arrays of array-api-strict, under tracing too.",
    applies=_where_declared("array_api_prox"),
)
def array_api_prox(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Both dtypes, with one step and, where it takes them, with an array of steps."""
    step = penalty.some_step() * penalty.unit
    for params in _points(penalty):
        _require_same(penalty, "prox", params, step=step)
        if penalty.declared("array_step"):
            steps = params.filled([step, 0.5 * step, 0.1 * step])
            dtype = next(iter(params.values())).dtype.type
            _require_same(penalty, "prox", params, step=steps.astype(dtype))
        yield True


def _points(penalty: PenaltyUnderTest) -> Iterator[Params]:
    cases = [
        Case(pattern, shape, 1.0, penalty.seed)
        for pattern in ("normal", "some zeros", "zero rows", "zeros")
        for shape in (*SMALL, *LARGER)
    ]
    cases += [Case("normal", shape, 1.0, penalty.seed) for shape in WIDE]
    for params in penalty.drawn(cases):
        if params.size():
            yield from (params.astype(dtype) for dtype in (np.float64, np.float32))


def _require_same(penalty: PenaltyUnderTest, method: str, params: Params, **more: Any) -> None:
    xp = importlib.import_module(LIBRARY)
    wanted = _by_name(penalty, method, penalty.direct(method, params, **more), params)
    source = (
        f"import {LIBRARY} as xp\n"
        "from regkit.testing.laws.array_libraries import under_tracing\n"
        "params = {name: xp.asarray(array) for name, array in params.items()}\n"
        + "step = {name: xp.asarray(array) for name, array in step.items()}\n"
        * isinstance(more.get("step"), Params)
        + f"under_tracing(xp, lambda: {penalty.direct_source(method, **more)})"
    )
    bindings = {"params": params, **more}
    given = {name: _converted(xp, value) for name, value in more.items()}
    try:
        result = under_tracing(xp, lambda: penalty.direct(method, _converted(xp, params), **given))
    except Violation as violation:
        problem = f"on an array of {LIBRARY} {violation.problem}"
        raise Violation(problem, bindings, source) from violation
    for name, got in _by_name(penalty, method, result, params).items():
        fault = _fault(xp, got, wanted[name], method)
        if fault:
            raise Violation(f"on an array of {LIBRARY} {method} {fault}", bindings, source)


def _by_name(penalty: PenaltyUnderTest, method: str, own: Any, params: Params) -> dict[str, Any]:
    """What the author's own method returns, by the names of the arrays."""
    if method == "value":
        return {"value": own}
    flat = penalty.subject.flat(penalty.subject.answered(own))
    return {name: flat[name] for name in params if name in flat}


def _fault(xp: Any, got: Any, wanted: Any, method: str) -> str | None:
    """What is wrong with a result, compared with NumPy's."""
    if not isinstance(got, type(xp.asarray(0.0))):
        return f"returns a {type(got).__name__} instead of an array of that library"
    array = np.asarray(got)
    if array.shape != np.shape(wanted):
        return f"returns an array of shape {array.shape}, not {np.shape(wanted)}"
    if method != "value" and array.dtype != wanted.dtype:
        return f"returns {array.dtype} for {wanted.dtype}"
    exact = EXACT[np.float32 if np.asarray(wanted).dtype == np.float32 else np.float64]
    if not np.allclose(array, wanted, rtol=exact, atol=exact):
        return "gives another result than on a NumPy array"
    return None


def _converted(xp: Any, value: Any) -> Any:
    if not isinstance(value, Params):
        return value
    return Params({name: xp.asarray(array) for name, array in value.items()})


def under_tracing(xp: Any, call: Callable[[], Any]) -> Any:
    """The call, made while arrays of the library refuse what a traced array refuses."""

    def refuse(array: object) -> None:
        raise TypeError("the entries of an array that is being traced are not known")

    kind = type(xp.asarray(0.0))
    with ExitStack() as stack:
        for name in NEED_NUMBERS:
            stack.enter_context(mock.patch.object(kind, name, refuse))
        flags = xp.ArrayAPIStrictFlags(boolean_indexing=False, data_dependent_shapes=False)
        stack.enter_context(flags)
        return call()
