"""A plugin of a run: its label, its distribution, and what it declares besides its hooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regkit.hooks.modes import Mode
from regkit.hookspecs import Layer


@dataclass(frozen=True, eq=False)
class RunPlugin:
    """A plugin with its label in records, and its distribution if it has one.

    The members of `regkit.hookspecs.Declarations` are read only here; one that a plugin leaves out
    has the default stated there.
    """

    plugin: Any
    label: str
    distribution: str | None
    mode: Mode

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selectors that must match something; empty if the plugin declares none."""
        return getattr(self.plugin, "selectors", ())

    @property
    def sparsifying(self) -> bool:
        """Whether the penalty favours exact zeros."""
        return bool(getattr(self.plugin, "sparsifying", False))

    def selected(self, layer: Layer) -> Sequence[str] | None:
        """The names of a layer's parameters that it applies to; None if unknown."""
        selected = getattr(self.plugin, "selected", None)
        return None if selected is None else list(selected(layer))

    def answers(self, layer: Layer) -> bool | None:
        """Whether its `penalty` returns a number; None if unknown before a call."""
        answers = getattr(self.plugin, "answers", None)
        found: bool | None = None if answers is None else answers(layer)
        return found

    def require_legal_step(self, step: float) -> None:
        """Refuse a step for which its proximal operator would be wrong.

        Raises:
            FieldError: it is too large for the declared `max_step`.
        """
        require = getattr(self.plugin, "require_legal_step", None)
        if require is not None:
            require(step)
