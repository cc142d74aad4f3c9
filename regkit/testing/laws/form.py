"""The form: hooks that can be called, and results that a run can use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from types import SimpleNamespace

import numpy as np

from regkit.errors import RegkitError
from regkit.plugins import RunHooks
from regkit.plugins.results import fault_of_arrays, fault_of_penalty
from regkit.regularizers import Regularizer
from regkit.testing.cases import EMPTY, LARGER, SMALL, Case
from regkit.testing.law import Violation, law
from regkit.testing.subject import LAYER, Subject

TRIED = Case("normal", (2, 3))


@law(
    "hooks",
    "Both hooks are there, marked, and callable as a run calls them; it registers in a run.",
    prerequisite=True,
)
def hooks(subject: Subject) -> Iterator[bool]:
    """The author's methods first, then a registration in the plugin manager of a run."""
    for hook, method in (("penalty", "value"), ("penalty_grad", "grad")):
        own = getattr(type(subject.regularizer), hook, None) is not getattr(Regularizer, hook)
        if subject.is_regularizer and not own:
            if not callable(subject.declared(method)):
                raise Violation(f"it defines no {method}", {}, f"regularizer.{method}")
            yield True
    params = {"weights": np.zeros((2, 3)), "biases": np.zeros((1, 3))}
    layer = SimpleNamespace(name=LAYER, params=params, grads={}, output_axis=-1)
    try:
        RunHooks([subject.regularizer], [layer])
    except RegkitError as error:
        raise Violation(str(error), {}, "regularizer.penalty, regularizer.penalty_grad") from error
    yield True


@law(
    "result-form",
    "A penalty is one number; gradients and proximal points are arrays of the parameter's shape "
    "and dtype, under the parameter's name.",
    prerequisite=True,
)
def result_form(subject: Subject) -> Iterator[bool]:
    """What the author's methods return, then what the hooks make of it."""
    point = subject.point(TRIED)
    if not subject.overrides_hooks:
        w = next(iter(point.values()))
        fault = fault_of_penalty(subject.direct("value", w))
        if fault:
            raise Violation(f"value {fault}", {"w": w}, "regularizer.value(w)")
        yield True
        for method, *step in (("grad",), ("prox", subject.some_step())):
            if method == "prox" and not subject.has_prox():
                continue
            fault = fault_of_arrays({"w": subject.direct(method, w, *step)}, {"w": w})
            if fault:
                call = f"regularizer.{method}({', '.join(map(str, ['w', *step]))})"
                raise Violation(f"{method} {fault}", {"w": w}, call)
            yield True
    subject.value(point)
    subject.grad(point)
    if subject.has_prox():
        subject.prox(point, subject.some_step())
    yield True


@law(
    "shape-and-dtype",
    "Results keep the shape and dtype of every parameter, float32 and float64; an empty one may "
    "raise ValueError.",
)
def shape_and_dtype(subject: Subject) -> Iterator[bool]:
    """One row, one column, one entry, wide, tall and empty arrays in both dtypes."""
    for shape in (*SMALL, *LARGER, *EMPTY):
        for dtype in (np.float32, np.float64):
            point = subject.point(Case("normal", shape)).astype(dtype)
            try:
                subject.value(point)
                subject.grad(point)
                if subject.has_prox():
                    subject.prox(point, subject.some_step())
            except Violation as violation:
                if shape not in EMPTY or not isinstance(violation.__cause__, ValueError):
                    raise
            yield True


@law("quiet", "The hooks print nothing: a run's output belongs to the run.")
def quiet(subject: Subject) -> Iterator[bool]:
    """Each hook called once, with what Python code prints caught."""
    point = subject.point(TRIED)
    calls = {"penalty": subject.value, "penalty_grad": subject.grad}
    if subject.has_prox():
        calls["penalty_prox"] = lambda point: subject.prox(point, subject.some_step())
    for hook, call in calls.items():
        printed = StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            call(point)
        if printed.getvalue():
            first = printed.getvalue().splitlines()[0]
            arguments = "layer(point), 0.25" if hook == "penalty_prox" else "layer(point)"
            raise Violation(
                f"{hook} printed {first!r}", {"point": point}, f"regularizer.{hook}({arguments})"
            )
        yield True
