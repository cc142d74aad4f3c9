"""Form: hooks that can be called, and results that a run can use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import numpy as np

from regkit.errors import RegkitError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.results import fault_of_arrays, fault_of_penalty
from regkit.regularizers import Regularizer
from regkit.testing.cases import EMPTY, LARGER, SMALL, Case
from regkit.testing.law import law
from regkit.testing.penalty_under_test import LAYER, PenaltyUnderTest
from regkit.testing.violation import Violation

TRIED = Case("normal", (2, 3))


@law(
    "hooks",
    "Both hooks exist, are marked, and can be called as in a run; it registers in a run.",
    prerequisite=True,
)
def hooks(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """The author's methods first, then a registration in the plugin manager of a run."""
    for hook, method in (("penalty", "value"), ("penalty_grad", "grad")):
        own = getattr(type(penalty.regularizer), hook, None) is not getattr(Regularizer, hook)
        if penalty.is_regularizer and not own:
            if not callable(penalty.declared(method)):
                raise Violation(f"it defines no {method}", {}, f"regularizer.{method}")
            yield True
    params = {"weights": np.zeros((2, 3)), "biases": np.zeros((1, 3))}
    try:
        RunHooks([penalty.regularizer], [LayerView(LAYER, params)])
    except RegkitError as error:
        raise Violation(str(error), {}, "regularizer.penalty, regularizer.penalty_grad") from error
    yield True


@law(
    "result-form",
    "A penalty is one number; gradients and proximal points are arrays of the parameter's shape "
    "and dtype, under the parameter's name.",
    prerequisite=True,
)
def result_form(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """What the author's methods return, then what the hooks return."""
    params = penalty.params(TRIED)
    if not penalty.overrides_hooks:
        w = next(iter(params.values()))
        fault = fault_of_penalty(penalty.direct("value", w))
        if fault:
            raise Violation(f"value {fault}", {"w": w}, "regularizer.value(w)")
        yield True
        for method, *step in (("grad",), ("prox", penalty.some_step())):
            if method == "prox" and not penalty.has_prox():
                continue
            fault = fault_of_arrays({"w": penalty.direct(method, w, *step)}, {"w": w})
            if fault:
                call = f"regularizer.{method}({', '.join(map(str, ['w', *step]))})"
                raise Violation(f"{method} {fault}", {"w": w}, call)
            yield True
    penalty.value(params)
    penalty.grad(params)
    if penalty.has_prox():
        penalty.prox(params, penalty.some_step())
    yield True


@law(
    "shape-and-dtype",
    "Results keep the shape and dtype of every parameter, float32 and float64; an empty array may "
    "raise ValueError.",
)
def shape_and_dtype(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """One row, one column, one entry, wide, tall and empty arrays in both dtypes."""
    for shape in (*SMALL, *LARGER, *EMPTY):
        for dtype in (np.float32, np.float64):
            params = penalty.params(Case("normal", shape)).astype(dtype)
            try:
                penalty.value(params)
                penalty.grad(params)
                if penalty.has_prox():
                    penalty.prox(params, penalty.some_step())
            except Violation as violation:
                if shape not in EMPTY or not isinstance(violation.__cause__, ValueError):
                    raise
            yield True


@law("quiet", "The hooks print nothing: a run's output belongs to the run.")
def quiet(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Each hook is called once, with Python's output captured."""
    params = penalty.params(TRIED)
    calls = {"penalty": penalty.value, "penalty_grad": penalty.grad}
    if penalty.has_prox():
        calls["penalty_prox"] = lambda params: penalty.prox(params, penalty.some_step())
    for hook, call in calls.items():
        printed = StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            call(params)
        if printed.getvalue():
            first = printed.getvalue().splitlines()[0]
            arguments = "layer(params), 0.25" if hook == "penalty_prox" else "layer(params)"
            raise Violation(
                f"{hook} printed {first!r}", {"params": params}, f"regularizer.{hook}({arguments})"
            )
        yield True
