"""The regularizer under test, called as a run calls it: through its hooks, on a layer."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from regkit.array_types import Array, Arrays
from regkit.catalogue.origin import named_by
from regkit.hooks import LayerView
from regkit.hooks.results import fault_of_arrays, fault_of_penalty
from regkit.regularizers import Regularizer
from regkit.testing.cases import Case
from regkit.testing.params import Params
from regkit.testing.selection import on_any_layer
from regkit.testing.violation import Violation

LAYER = "dense1"
TRIED_STRENGTH = 0.5
"""Laws on the mathematics run at this strength: at 1, a forgotten strength would not show, and a
power of two reaches the largest legal step without rounding."""


class PenaltyUnderTest:
    """A regularizer and the layer on which it is called.

    A class that only defines `value` and `grad` is tested on one parameter at a time. One that
    overrides a hook, and a raw plugin, may use several parameters at once, and gets a layer with
    `weights` and `biases`.

    Attributes:
        seed: the random seed of the test arrays.
        original: the regularizer as given.
        regularizer: the same, at the strength and on the layer under test.
        offer: its offer, if it is installed.
        parameters: the names of the parameters that it is tested on.
    """

    def __init__(self, regularizer: object, seed: int = 0) -> None:
        self.seed = seed
        self.original: Any = regularizer
        self.regularizer: Any = regularizer
        self.offer = named_by(regularizer)
        self.parameters: tuple[str, ...] = ("weights", "biases")
        if isinstance(regularizer, Regularizer):
            self._on = on_any_layer(regularizer)
            if not self.overrides_hooks:
                self.parameters = self._on[:1]

    @property
    def is_regularizer(self) -> bool:
        """Whether it is a subclass of Regularizer, rather than a raw plugin."""
        return isinstance(self.regularizer, Regularizer)

    @property
    def overrides_hooks(self) -> bool:
        """Whether it overrides hooks, so that `value` and `grad` need not exist."""
        cls = type(self.regularizer)
        return not self.is_regularizer or any(
            getattr(cls, hook) is not getattr(Regularizer, hook)
            for hook in ("penalty", "penalty_grad", "penalty_prox")
        )

    @property
    def unit(self) -> float:
        """The size to which rounding errors are relative, besides the penalty's own."""
        return self.regularizer.strength if self.is_regularizer else 1.0

    def at(self, strength: float) -> PenaltyUnderTest:
        """The same penalty at another strength, on the layer under test; a raw plugin as it is.

        Raises:
            Violation: the class rejects these fields.
        """
        if not self.is_regularizer:
            return self
        try:
            changed = dataclasses.replace(self.regularizer, strength=strength, on=self._on)
        except Exception as error:
            call = f"import dataclasses\ndataclasses.replace(regularizer, strength={strength!r})"
            problem = f"it takes no strength {strength!r}: {type(error).__name__}: {error}"
            raise Violation(problem, {}, call) from error
        other = PenaltyUnderTest(changed, self.seed)
        other.original = self.original
        return other

    def declared(self, name: str) -> Any:
        """What the author declares under `name`, or None."""
        try:
            return getattr(self.regularizer, name, None)
        except (Exception, SystemExit) as error:
            problem = f"{name} raised {type(error).__name__}: {error}"
            raise Violation(problem, {}, f"regularizer.{name}") from error

    def has_prox(self) -> bool:
        """Whether there is a proximal operator to test."""
        return callable(self.declared("prox" if self.is_regularizer else "penalty_prox"))

    def largest_step(self) -> float:
        """The largest legal step × strength; infinite where the author declares none."""
        largest = self.declared("max_step")
        return float("inf") if largest is None else float(largest)

    def some_step(self) -> float:
        """A legal step, for laws that do not concern steps."""
        return min(0.25, self.largest_step() / 4) / self.unit

    def breakpoints(self) -> tuple[float, ...]:
        """Likely kinks away from zero: the float fields, then products of two of them."""
        if not self.is_regularizer:
            return ()
        values = {
            field.name: getattr(self.regularizer, field.name)
            for field in dataclasses.fields(self.regularizer)
            if field.name != "strength"
        }
        numbers = sorted(
            {abs(v) for v in values.values() if type(v) is float and v != 0 and math.isfinite(v)}
        )
        products = sorted({a * b for a in numbers for b in numbers} - set(numbers))
        return (*numbers, *products)

    def params(self, case: Case) -> Params:
        """Parameters with the weights of the case and, if there are biases, similar biases."""
        shapes = dict.fromkeys(self.parameters, case.shape)
        if len(self.parameters) > 1:
            shapes["biases"] = (1, case.shape[1])
        cases = {
            name: dataclasses.replace(case, shape=shape, seed=case.seed + 101 * index)
            for index, (name, shape) in enumerate(shapes.items())
        }
        large = {name: one.expression() for name, one in cases.items() if np.prod(one.shape) > 40}
        return Params({name: one.array() for name, one in cases.items()}, large)

    def of_entries(self, weights: Array) -> Params:
        """Parameters with these weights; biases, if there are any, repeat their first row."""
        arrays = dict.fromkeys(self.parameters, weights)
        if len(self.parameters) > 1:
            arrays["biases"] = weights[:1].copy()
        return Params(arrays)

    def layer(self, params: Mapping[str, Array], grads: Arrays | None = None) -> LayerView:
        """The layer that a hook is given, its parameters read-only as in a run."""
        return LayerView(LAYER, params, grads)

    def value(self, params: Params) -> float:
        """The penalty; 0 if it does not apply."""
        result = self.call("penalty", params, self.layer(params))
        fault = None if result is None else fault_of_penalty(result)
        if fault:
            raise _fault("penalty", fault, params)
        return 0.0 if result is None else float(result)

    def grad(self, params: Params) -> Params:
        """The gradient, zeros for the parameters to which it does not apply."""
        result = self.call("penalty_grad", params, self.layer(params))
        return self._arrays("penalty_grad", result, params, absent=np.zeros_like)

    def prox(self, params: Params, step: float) -> Params:
        """The proximal point of step × penalty; other parameters are unchanged."""
        result = self.call("penalty_prox", params, self.layer(params), step)
        return self._arrays("penalty_prox", result, params, absent=np.array, step=step)

    def direct(self, method: str, w: Array, *arguments: object) -> Any:
        """What the author's own `value`, `grad`, `prox` or `grad_into` returns.

        Raises:
            Violation: it raised an exception, or asked Python to exit.
        """
        try:
            return getattr(self.regularizer, method)(w, *arguments)
        except (Exception, SystemExit) as error:
            more = {f"argument{i}": value for i, value in enumerate(arguments, 1)}
            call = f"regularizer.{method}({', '.join(['w', *more])})"
            problem = f"{method} raised {type(error).__name__}: {error}"
            raise Violation(problem, {"w": w, **more}, call) from error

    def call(self, hook: str, params: Params, *arguments: object) -> Any:
        """What a hook returns.

        Raises:
            Violation: it raised an exception, or asked Python to exit.
        """
        try:
            return getattr(self.regularizer, hook)(*arguments)
        except (Exception, SystemExit) as error:
            step = {"step": arguments[1]} if len(arguments) > 1 else {}
            raise _fault(hook, f"raised {type(error).__name__}: {error}", params, **step) from error

    def _arrays(
        self,
        hook: str,
        result: Any,
        params: Params,
        absent: Callable[[Array], Array],
        **step: float,
    ) -> Params:
        fault = None if result is None else fault_of_arrays(result, params)
        if fault:
            raise _fault(hook, fault, params, **step)
        given = result or {}
        return Params({n: given[n] if n in given else absent(a) for n, a in params.items()})


def _fault(hook: str, problem: str, params: Params, **step: object) -> Violation:
    arguments = "layer(params), step" if step else "layer(params)"
    return Violation(
        f"{hook} {problem}", {"params": params, **step}, f"regularizer.{hook}({arguments})"
    )
