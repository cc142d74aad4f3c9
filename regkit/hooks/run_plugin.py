"""A plugin of a run: its label, its distribution, and what it declares besides its hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from regkit.errors import PluginError, RegkitError
from regkit.hooks.modes import LOSS, MODES, Mode
from regkit.hookspecs import Layer


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

    @property
    def mode(self) -> Mode:
        """The mode that it declares; `loss` if it declares none."""
        name = self._declared("mode", LOSS.name)
        if not isinstance(name, str) or name not in MODES:
            raise self._fault(f"declares mode {name!r}: it must be one of {', '.join(MODES)}")
        return MODES[name]

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selectors that must match something; empty if the plugin declares none."""
        declared = self._declared("selectors", ())
        if isinstance(declared, tuple) and all(isinstance(one, str) for one in declared):
            return declared
        raise self._fault(f"declares selectors {declared!r}: they must be a tuple of strings")

    @property
    def sparsifying(self) -> bool:
        """Whether the penalty favours exact zeros."""
        return bool(self._declared("sparsifying", False))

    def selected(self, layer: Layer) -> Sequence[str] | None:
        """The names of a layer's parameters that it applies to; None if unknown."""
        select = self._method("selected")
        if select is None:
            return None
        with self._blamed("selected"):
            names = list(select(layer))
        unknown = [name for name in names if name not in layer.params]
        if unknown:
            raise self._fault(
                f"selected returned {unknown[0]!r} for layer {layer.name}, whose parameters are "
                f"{', '.join(layer.params)}"
            )
        return names

    def answers(self, layer: Layer) -> bool | None:
        """Whether its `penalty` returns a number; None if unknown before a call."""
        answers = self._method("answers")
        if answers is None:
            return None
        with self._blamed("answers"):
            found = answers(layer)
        return None if found is None else bool(found)

    def require_legal_step(self, step: float) -> None:
        """Refuse a step for which its proximal operator would be wrong.

        Raises:
            FieldError: it is too large for the declared `max_step`.
        """
        require = self._method("require_legal_step")
        if require is not None:
            with self._blamed("require_legal_step"):
                require(step)

    def _method(self, name: str) -> Callable[..., Any] | None:
        method = self._declared(name, None)
        if method is not None and not callable(method):
            raise self._fault(f"declares {name} = {method!r}: it must be a method")
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
            raise self._fault(f"{name} raised {type(error).__name__}: {error}") from error

    def _fault(self, problem: str) -> PluginError:
        origin = f" (from {self.distribution})" if self.distribution else ""
        return PluginError(f"regularizer {self.label!r}{origin}: {problem}")
