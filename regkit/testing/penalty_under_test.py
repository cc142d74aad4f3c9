"""The regularizer under test: its value, gradient and prox on arrays that it is defined for."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.catalogue.origin import named_by
from regkit.regularizers import Configured
from regkit.regularizers.configured import has_prox
from regkit.testing.cases import Case
from regkit.testing.drawing import Drawing
from regkit.testing.params import Params
from regkit.testing.selection import on_any_layer
from regkit.testing.subjects import LayerSubject, Subject, kind_of
from regkit.testing.subjects.layer import LAYER_NAME, LAYER_NAMES
from regkit.testing.violation import Violation

TRIED_STRENGTH = 0.5
"""Laws on the mathematics run at this strength: at 1, a forgotten strength would not show, and a
power of two reaches the largest legal step without rounding."""


class PenaltyUnderTest(Drawing):
    """A regularizer and the arrays on which it is called.

    A class of penalties of one array that only defines `value` and `grad` is tested on one
    parameter at a time. One that overrides a hook, a penalty of the model, and a raw plugin may use
    several parameters at once, and get `weights` and `biases`.

    Attributes:
        seed: the random seed of the test arrays.
        original: the regularizer as given.
        regularizer: the same, at the strength and on the arrays under test.
        offer: its offer, if it is installed.
        subject: the arrays under test, and how hooks are called on them.
    """

    def __init__(self, regularizer: object, seed: int = 0) -> None:
        self.seed = seed
        self.original: Any = regularizer
        self.regularizer: Any = regularizer
        self.offer = named_by(regularizer)
        parameters: tuple[str, ...] = ("weights", "biases")
        if isinstance(regularizer, Configured):
            parameters = on_any_layer(regularizer)
            if kind_of(regularizer) is LayerSubject and not self.overrides_hooks:
                parameters = parameters[:1]
        only = self.declared("only_shape")
        kind = str(self.declared("shapes") or "any")
        self.subject: Subject = kind_of(regularizer)(
            parameters, kind, only and tuple(only), self.declared("only_layers")
        )
        if not self.is_regularizer and isinstance(self.subject, LayerSubject):
            self.subject.name = next((n for n in LAYER_NAMES if self.answers_in(n)), LAYER_NAME)

    @property
    def is_regularizer(self) -> bool:
        """Whether it is of one of regkit's classes, rather than a raw plugin."""
        return isinstance(self.regularizer, Configured)

    @property
    def is_constraint(self) -> bool:
        """Whether the penalty is 0 or ∞."""
        if self.is_regularizer:
            return bool(self.declared("constraint"))
        return bool(self.declared("mode") == "constraint")

    @property
    def overrides_hooks(self) -> bool:
        """Whether it overrides hooks, so that `value` and `grad` need not exist."""
        cls, base = type(self.regularizer), kind_of(self.regularizer).base
        return not self.is_regularizer or any(
            getattr(cls, hook) is not getattr(base, hook)
            for hook in dataclasses.astuple(self.scope)
            if hook is not None
        )

    @property
    def unit(self) -> float:
        """The size to which rounding errors are relative, besides the penalty's own."""
        return self.regularizer.strength if self.is_regularizer else 1.0

    def at(self, strength: float) -> PenaltyUnderTest:
        """The same penalty at another strength, on the arrays under test; a raw plugin as it is.

        It has no schedule and no scale. A constraint has no strength.

        Raises:
            Violation: the class rejects these fields.
        """
        changes = {"strength": 1.0 if self.is_constraint else strength}
        return self.replaced(**changes, on=self.subject.on, schedule=None, scale="none")

    def replaced(self, **fields: Any) -> PenaltyUnderTest:
        """The same penalty with other fields; a raw plugin as it is.

        Raises:
            Violation: the class rejects these fields.
        """
        if not self.is_regularizer:
            return self
        try:
            changed = dataclasses.replace(self.regularizer, **fields)
        except Exception as error:
            shown = ", ".join(f"{name}={value!r}" for name, value in fields.items())
            call = f"import dataclasses\ndataclasses.replace(regularizer, {shown})"
            name, value = next(iter(fields.items()))
            problem = f"it takes no {name} {value!r}: {type(error).__name__}: {error}"
            raise Violation(problem, {}, call) from error
        other = PenaltyUnderTest(changed, self.seed)
        other.original, other.subject = self.original, self.subject
        return other

    def in_layer(self, name: str) -> PenaltyUnderTest:
        """The same penalty on a layer of another name."""
        other = copy(self)
        other.subject = copy(self.subject)
        if isinstance(other.subject, LayerSubject):
            other.subject.name = name
        return other

    def answers_in(self, name: str) -> bool:
        """Whether a hook answers for a layer of that name; one that fails does."""
        return self.in_layer(name).answers()

    def answers(self) -> bool:
        """Whether a hook answers anything for small arrays; one that fails does."""
        params = self.params(Case("normal", (2, 3)))
        hooks = (h for h in dataclasses.astuple(self.scope) if h and callable(self.declared(h)))
        try:
            step = self.some_step()
            return any(
                self.answer(hook, params, step if hook == self.scope.point else None) is not None
                for hook in hooks
            )
        except Violation:
            return True

    def has_prox(self) -> bool:
        """Whether there is a proximal operator to test."""
        if self.scope.point is None:
            return False
        if self.is_regularizer:
            return has_prox(type(self.regularizer))
        return callable(self.declared(self.scope.point))

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

    def value(self, params: Params) -> float:
        """The penalty; 0 if it does not apply, ∞ outside its domain."""
        if self._has_domain and not self.holds(params):
            return math.inf
        result = self.answer(self.scope.value, params)
        return 0.0 if result is None else float(result)

    def grad(self, params: Params) -> Params:
        """The gradient, zeros for the arrays to which it does not apply."""
        return self._arrays(self.scope.gradient, params, absent=np.zeros_like)

    def prox(self, params: Params, step: float | Params) -> Params:
        """The proximal point; other arrays are unchanged.

        argmin over x of penalty(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ); a constraint's projection.
        """
        return self._arrays(str(self.scope.point), params, absent=np.array, step=step)

    def _arrays(
        self,
        hook: str,
        params: Params,
        absent: Callable[[Array], Array],
        step: float | Params | None = None,
    ) -> Params:
        given = self.subject.flat(self.answer(hook, params, step))
        return Params({n: given[n] if n in given else absent(a) for n, a in params.items()})
