"""The calls of a penalty's hooks and of its author's methods, and the same as Python source."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import Any

from regkit.hooks.modes import Scope
from regkit.testing.params import Params
from regkit.testing.subjects import Subject, kind_of
from regkit.testing.violation import Violation


class Calls:
    """A regularizer, called as a run calls it.

    Attributes:
        regularizer: a penalty, or a raw plugin.
        subject: the arrays under test, and how hooks are called on them.
    """

    regularizer: Any
    subject: Subject

    @cached_property
    def _taken(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def scope(self) -> Scope:
        """Its hooks."""
        return kind_of(self.regularizer).scope

    def declared(self, name: str) -> Any:
        """What the author declares under `name`, or None."""
        try:
            return getattr(self.regularizer, name, None)
        except (Exception, SystemExit) as error:
            problem = f"{name} raised {type(error).__name__}: {error}"
            raise Violation(problem, {}, f"regularizer.{name}") from error

    def direct(self, method: str, params: Params, **more: object) -> Any:
        """What the author's own method returns: `value`, `grad`, `prox`, `domain`.

        Raises:
            Violation: it raised an exception, or asked Python to exit.
        """
        own = [self.subject.given(v) if isinstance(v, Params) else v for v in more.values()]
        try:
            return getattr(self.regularizer, method)(self.subject.given(params), *own)
        except (Exception, SystemExit) as error:
            problem = f"{method} raised {type(error).__name__}: {error}"
            bindings = {"params": params, **more}
            raise Violation(problem, bindings, self.direct_source(method, **more)) from error

    def direct_source(self, method: str, params: str = "params", /, **more: object) -> str:
        """The call of the author's own method on the arrays of a name, as Python source."""
        given = self.subject.given_source
        rest = [given(n) if isinstance(value, Params) else n for n, value in more.items()]
        return f"regularizer.{method}({', '.join([given(params), *rest])})"

    def value_source(self, params: str = "params") -> str:
        """The call of the hook that returns the penalty, as Python source."""
        return self.subject.source(self.scope.value, params)

    def grad_source(self, params: str = "params") -> str:
        """The call of the hook that returns the gradient, as Python source."""
        return self.subject.source(self.scope.gradient, params)

    def prox_source(self, params: str = "params", step: float | Params | None = None) -> str:
        """The call of the hook that returns the proximal point at `step`, as Python source."""
        name = self.subject.steps_source("step") if isinstance(step, Params) else "step"
        return self.subject.source(str(self.scope.point), params, name)

    def answer(
        self,
        hook: str,
        params: Params,
        step: object = None,
        epoch: int | None = None,
        *,
        writable: bool = False,
    ) -> Any:
        """What a hook answers, checked; on read-only arrays unless `writable`.

        Raises:
            Violation: it raised an exception, asked Python to exit, or answered in a wrong form.
        """
        call = self.subject.call(hook, params, step, epoch)
        if writable:
            call = self.subject.writable(call, params)
        arguments, taken = call.arguments, self._taken.get(hook) or self._takes(hook)
        if not arguments.keys() <= taken:
            arguments = {name: value for name, value in arguments.items() if name in taken}
        try:
            result = getattr(self.regularizer, hook)(**arguments)
        except (Exception, SystemExit) as error:
            problem = f"{hook} raised {type(error).__name__}: {error}"
            raise self._violation(problem, hook, params, step) from error
        fault = None if result is None else call.fault(result)
        if fault:
            raise self._violation(f"{hook} {fault}", hook, params, step)
        return result

    def _violation(self, problem: str, hook: str, params: Params, step: object) -> Violation:
        bindings = {"params": params} | ({} if step is None else {"step": step})
        return Violation(problem, bindings, self.subject.source(hook))

    def _takes(self, hook: str) -> frozenset[str]:
        """The arguments of a hook: pluggy passes those that an implementation names."""
        signature = inspect.signature(getattr(self.regularizer, hook))
        taken = self._taken[hook] = frozenset(signature.parameters)
        return taken
