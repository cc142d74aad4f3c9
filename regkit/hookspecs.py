"""The plugin contract of regkit: two hooks, an optional third, and what a plugin may declare.

A plugin is any object with both `penalty` and `penalty_grad`, marked with `regkit.hookimpl`.
Most authors never write hooks: they subclass `regkit.Regularizer`, which implements all three and
declares everything in `Declarations`.

A hook is given one trainable layer. It may rely on `layer.name` (`"dense1"`) and on
`layer.params`, a mapping from parameter name (`"weights"`, `"biases"`) to a read-only array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pluggy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regkit.array_types import Arrays

PROJECT = "regkit"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Layer(Protocol):
    """What a hook is given: a layer's name and its parameters, as read-only arrays."""

    @property
    def name(self) -> str:
        """`dense1`, `dense2`, …, numbered by kind from 1."""

    @property
    def params(self) -> Arrays:
        """The arrays by name, `weights` (n_inputs, n_neurons) and `biases` (1, n_neurons)."""


class Declarations(Protocol):
    """What a run reads of a plugin besides its hooks; all of it is optional."""

    @property
    def mode(self) -> str:
        """The way in which the penalty acts in a step, `loss` (the default) or `prox`."""

    @property
    def selectors(self) -> tuple[str, ...]:
        """Each must match a trainable parameter; where they are absent, none has to."""

    @property
    def sparsifying(self) -> bool:
        """Whether the penalty favours exact zeros; it does not where this is absent."""

    def selected(self, layer: Layer) -> Mapping[str, object]:
        """The parameters of a layer that the penalty applies to, by name (absent: unknown)."""

    def answers(self, layer: Layer) -> bool | None:
        """Whether `penalty` returns a number for a layer; None (or absent): unknown."""

    def require_legal_step(self, step: float) -> None:
        """Refuse a step for which `penalty_prox` would be wrong (absent: every step is legal)."""


@hookspec
def penalty(layer: Layer) -> float | None:
    """Return the penalty of this layer's parameters, already multiplied by its strength.

    Return `None` where the penalty does not apply. Called once for each trainable layer whenever
    a record is due.
    """


@hookspec
def penalty_grad(layer: Layer) -> Arrays | None:
    """Return the gradient of `penalty`, already multiplied by its strength.

    A mapping from parameter name to an array of that parameter's shape and dtype; parameters to
    which the penalty does not apply are absent. Return `None` where it does not apply. Called once
    for each trainable layer in every step.
    """


@hookspec
def penalty_prox(layer: Layer, step: float) -> Arrays | None:
    """Return the proximal point of `step` × penalty at the layer's parameters (optional).

    argmin over x of step·penalty(x) + ½‖x − w‖², in the form of `penalty_grad`. Called only for
    regularizers in mode `prox`, after the optimizer's step, with `step` = the learning rate.
    """
