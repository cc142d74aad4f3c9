"""A plugin of a run: its label, its distribution, and what it declares besides its hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from regkit.errors import PluginError, RegkitError
from regkit.hooks.modes import LOSS, MODES, SCOPES, Mode, Scope
from regkit.hookspecs import Layer
from regkit.regularizers import Regularizer

SHAPES = ("any", "square", "wide", "tall")
NO_ARRAY_STEP = "its proximal operator takes one step for all entries"


@dataclass(frozen=True, eq=False)
class RunPlugin:
    """A plugin with its label in records, and its distribution if it has one.

    The members of `regkit.hookspecs.Declarations` are read only here; one that a plugin leaves out
    has the default stated there. Every access raises PluginError if the declaration is not of its
    form, or fails.
    """

    plugin: Any
    label: str
    distribution: str | None
    bridge: object | None = None

    @property
    def registered(self) -> Any:
        """The plugin as pluggy calls it, or its bridge to another library's arrays."""
        return self.plugin if self.bridge is None else self.bridge

    @property
    def scopes(self) -> list[Scope]:
        """What it is a penalty of."""
        return [scope for scope in SCOPES if self.has(scope.value)]

    def has(self, hook: str) -> bool:
        """Whether it implements a hook."""
        return getattr(self.plugin, hook, None) is not None

    @property
    def mode(self) -> Mode:
        """The mode that it declares; `loss` if it declares none."""
        name = self._declared("mode", LOSS.name)
        if not isinstance(name, str) or name not in MODES:
            raise self.fault(f"declares mode {name!r}: it must be one of {', '.join(MODES)}")
        return MODES[name]

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selectors that must match something; empty if the plugin declares none."""
        declared = self._declared("selectors", ())
        if isinstance(declared, tuple) and all(isinstance(one, str) for one in declared):
            return declared
        raise self.fault(f"declares selectors {declared!r}: they must be a tuple of strings")

    @property
    def sparsifying(self) -> bool:
        """Whether the penalty favours exact zeros."""
        return bool(self._declared("sparsifying", False))

    @property
    def array_step(self) -> bool:
        """Whether its proximal operator takes a step for each entry."""
        return bool(self._declared("array_step", False))

    @property
    def no_array_step(self) -> str:
        """Why it does not."""
        return str(self._declared("no_array_step", NO_ARRAY_STEP))

    @property
    def shapes(self) -> str:
        """The matrices that it is defined for."""
        declared = self._declared("shapes", SHAPES[0])
        if declared in SHAPES:
            return str(declared)
        raise self.fault(f"declares shapes {declared!r}: they must be one of {', '.join(SHAPES)}")

    @property
    def only_shape(self) -> tuple[int, ...] | None:
        """The one shape of arrays that it applies to; None for any."""
        declared = self._declared("only_shape", None)
        return None if declared is None else tuple(declared)

    @property
    def consecutive(self) -> bool:
        """Whether the layers that it selects must follow each other."""
        return bool(self._declared("consecutive", False))

    @property
    def sets_one_by_one(self) -> bool:
        """Whether its proximal points are known to depend on nothing but the parameter they set."""
        return isinstance(self.plugin, Regularizer) and self.plugin.sets_one_by_one

    @property
    def has_schedule(self) -> bool:
        """Whether its strength changes by a schedule."""
        return self._declared("schedule", None) is not None

    def selected(self, layer: Layer) -> Sequence[str] | None:
        """The names of a layer's parameters that it applies to; None if unknown."""
        select = self._method("selected")
        if select is None:
            return None
        with self._blamed("selected"):
            names = list(select(layer))
        unknown = [name for name in names if name not in layer.params]
        if unknown:
            raise self.fault(
                f"selected returned {unknown[0]!r} for layer {layer.name}, whose parameters are "
                f"{', '.join(layer.params)}"
            )
        return names

    def answers(self, layer: Layer) -> bool | None:
        """Whether its `penalty` returns a number; None if unknown before a call."""
        if not self.has("penalty"):
            return False
        return self._said("answers", layer)

    def selects(self, layer: Layer) -> bool | None:
        """Whether its `penalty_outputs` returns a number; None if unknown before a call."""
        if not self.has("penalty_outputs"):
            return False
        return self._said("selects", layer)

    def factor_at(self, epoch: int) -> float:
        """The factor of its schedule at an epoch."""
        factor = self._method("factor_at")
        if factor is None:
            return 1.0
        with self._blamed("factor_at"):
            return float(factor(epoch))

    def require_legal_step(self, step: float, where: object, factor: float) -> None:
        """Refuse a step for which its proximal operator would be wrong.

        Raises:
            FieldError: it is too large for the declared `max_step`.
        """
        require = self._method("require_legal_step")
        if require is not None:
            with self._blamed("require_legal_step"):
                require(step, where, factor)

    def fault(self, problem: str) -> PluginError:
        """The error that says what is wrong with the plugin."""
        origin = f" (from {self.distribution})" if self.distribution else ""
        return PluginError(f"regularizer {self.label!r}{origin}: {problem}")

    def _said(self, method: str, layer: Layer) -> bool | None:
        ask = self._method(method)
        if ask is None:
            return None
        with self._blamed(method):
            found = ask(layer)
        return None if found is None else bool(found)

    def _method(self, name: str) -> Callable[..., Any] | None:
        method = self._declared(name, None)
        if method is not None and not callable(method):
            raise self.fault(f"declares {name} = {method!r}: it must be a method")
        found: Callable[..., Any] | None = method
        return found

    def _declared(self, name: str, default: object) -> Any:
        with self._blamed(name):
            return getattr(self.plugin, name, default)

    @contextmanager
    def _blamed(self, name: str) -> Iterator[None]:
        try:
            yield
        except RegkitError:
            raise
        except (Exception, SystemExit) as error:
            raise self.fault(f"{name} raised {type(error).__name__}: {error}") from error
