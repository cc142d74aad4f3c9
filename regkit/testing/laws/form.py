"""Form: hooks that can be called, and results that a run can use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

import numpy as np

from regkit.errors import RegkitError
from regkit.hooks import RunHooks
from regkit.hooks.results import fault_of_penalty
from regkit.testing.cases import EMPTY, LARGER, SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, hooks_of, results
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects import LayerSubject
from regkit.testing.subjects.layer import LAYER_NAMES
from regkit.testing.violation import Violation

TRIED = Case("normal", (2, 3))


@law(
    "hooks",
    "A penalty and its gradient exist, are marked, and can be called as in a run; it registers in "
    "a run.",
    prerequisite=True,
)
def hooks(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """The author's methods first, then a registration in the plugin manager of a run."""
    pair = ((penalty.scope.value, "value"), (penalty.scope.gradient, "grad"))
    for hook, method in pair if penalty.is_regularizer and not penalty.is_constraint else ():
        own = getattr(type(penalty.regularizer), hook) is not getattr(penalty.subject.base, hook)
        if not own and not callable(penalty.declared(method)):
            raise Violation(f"it defines no {method}", {}, f"regularizer.{method}")
        yield True
    params = penalty.params(TRIED)
    views = penalty.subject.views(params)
    trainable, others = (views, []) if views[0].params else ([], views)
    try:
        RunHooks([penalty.regularizer], trainable, others=others)
    except RegkitError as error:
        call = f"from regkit.hooks import RunHooks\n{penalty.subject.run_source}"
        raise Violation(str(error), {"params": params}, call) from error
    if not penalty.is_regularizer and not penalty.answers():
        raise Violation(
            f"it answers for none of the layers that were tried: {_tried(penalty)}",
            {"params": params},
            penalty.value_source(),
        )
    yield True


def _tried(penalty: PenaltyUnderTest) -> str:
    """The names of the layers on which a raw plugin was tried."""
    if isinstance(penalty.subject, LayerSubject):
        return f"{LAYER_NAMES[0]} to {LAYER_NAMES[-1]}"
    return ", ".join(view.name for view in penalty.subject.views(penalty.params(TRIED)))


@law(
    "result-form",
    "A penalty is one number; gradients and proximal points are arrays of the shape and dtype of "
    "what they belong to, under its name.",
    prerequisite=True,
)
def result_form(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """What the author's methods return, then what the hooks return."""
    params = penalty.one(TRIED)
    if params is None:
        raise Violation(
            "its domain holds none of the arrays that were tried",
            {"params": penalty.params(TRIED)},
            penalty.direct_source("domain"),
        )
    if not penalty.overrides_hooks:
        for method, hook, step in _methods(penalty):
            own = penalty.direct(method, params, **step)
            fault = _fault(penalty, hook, params, own)
            if fault:
                source = penalty.direct_source(method, **step)
                raise Violation(f"{method} {fault}", {"params": params, **step}, source)
            yield True
    results(penalty, params)
    yield True


def _methods(penalty: PenaltyUnderTest) -> Iterator[tuple[str, str, dict[str, float]]]:
    """The author's methods, the hooks that call them, and what they take besides."""
    if not penalty.is_constraint:
        yield "value", penalty.scope.value, {}
        yield "grad", penalty.scope.gradient, {}
    if penalty.has_prox():
        yield "prox", str(penalty.scope.point), {"step": penalty.some_step()}


def _fault(penalty: PenaltyUnderTest, hook: str, params: Params, own: Any) -> str | None:
    """What is wrong with a result of the author's own method; one of array libraries is 0-d."""
    if hook == penalty.scope.value:
        is_zero_dimensional = isinstance(own, np.ndarray) and own.ndim == 0
        own = own[()] if penalty.declared("array_api") and is_zero_dimensional else own
        return fault_of_penalty(own)
    return penalty.subject.call(hook, params, 1.0).fault(penalty.subject.answered(own))


@law(
    "shape-and-dtype",
    "Results keep the shape and dtype of every array, float32 and float64; an empty array may "
    "raise ValueError.",
)
def shape_and_dtype(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """One row, one column, one entry, wide, tall and empty arrays in both dtypes."""
    for params in penalty.drawn(Case("normal", shape) for shape in (*SMALL, *LARGER)):
        for dtype in (np.float32, np.float64):
            results(penalty, params.astype(dtype))
            yield True
    for shape in EMPTY:
        for dtype in (np.float32, np.float64):
            params = penalty.params(Case("normal", shape)).astype(dtype)
            try:
                results(penalty, params)
            except Violation as violation:
                if not isinstance(violation.__cause__, ValueError):
                    raise
            yield True


@law("quiet", "The hooks print nothing: a run's output belongs to the run.")
def quiet(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Each hook is called once, with Python's output captured."""
    for params in penalty.drawn([TRIED]):
        for hook in hooks_of(penalty):
            printed = StringIO()
            step = penalty.some_step() if hook == penalty.scope.point else None
            with redirect_stdout(printed), redirect_stderr(printed):
                penalty.answer(hook, params, step)
            if printed.getvalue():
                first = printed.getvalue().splitlines()[0]
                raise Violation(
                    f"{hook} printed {first!r}", {"params": params}, call_of(penalty, hook)
                )
            yield True
