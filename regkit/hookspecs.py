"""The plugin contract of regkit: the hooks, and what a plugin may declare.

A plugin is any object with a pair of hooks marked with `regkit.hookimpl`, a penalty and its
gradient: of the parameters of one layer (`penalty`, `penalty_grad`), of the whole model
(`penalty_model`, `penalty_model_grad`), or of a layer's outputs (`penalty_outputs`,
`penalty_outputs_grad`). Most authors never write hooks: they subclass `regkit.Regularizer`,
`regkit.ModelRegularizer` or `regkit.ActivityRegularizer`, which implement them and declare
everything in `Declarations`.

A layer that a hook is given has a `layer.name` (`"dense1"`) and `layer.params`, a mapping from
parameter name (`"weights"`, `"biases"`) to a read-only array, in regkit's orientation: weights
(n_inputs, n_neurons), biases (1, n_neurons). In training it has `layer.epoch`, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pluggy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regkit.array_types import Array, Arrays, ModelArrays

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
        """The way it acts in a step, `loss` (the default), `prox`, `decoupled` or `constraint`."""

    @property
    def selectors(self) -> tuple[str, ...]:
        """Each must match a trainable parameter, or a layer for penalties of outputs.

        Where they are absent, none has to match.
        """

    @property
    def sparsifying(self) -> bool:
        """Whether the penalty favours exact zeros; it does not where this is absent."""

    @property
    def array_step(self) -> bool:
        """Whether a proximal point takes a step for each entry; it does not where it is absent."""

    @property
    def no_array_step(self) -> str:
        """Why it does not, for the message that refuses mode `prox` under adaptive optimizers."""

    @property
    def shapes(self) -> str:
        """The matrices it is defined for, `any` (the default), `square`, `wide` or `tall`.

        A square matrix is also wide and tall.
        """

    @property
    def only_shape(self) -> tuple[int, ...] | None:
        """The one shape of arrays that it applies to, if a file of its own fixes it."""

    @property
    def consecutive(self) -> bool:
        """Whether a penalty of the model needs layers that follow each other in the network."""

    @property
    def only_layers(self) -> int:
        """How many layers a penalty of the model is checked on; three where this is absent."""

    def selected(self, layer: Layer) -> Mapping[str, object]:
        """The parameters of a layer that the penalty applies to, by name (absent: unknown)."""

    def selects(self, layer: Layer) -> bool:
        """Whether a penalty of outputs applies to those of a layer (absent: unknown)."""

    def answers(self, layer: Layer) -> bool | None:
        """Whether `penalty` returns a number for a layer; None (or absent): unknown."""

    def factor_at(self, epoch: int) -> float:
        """The factor of its schedule at an epoch (absent: it has no schedule)."""

    def require_legal_step(self, step: float, where: object, factor: float) -> None:
        """Refuse a step × factor for which a proximal point would be wrong (absent: none is).

        `where` is the layer, or the list of layers for a penalty of the model.
        """


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
    for each trainable layer in every step, in the modes `loss` and `decoupled`.
    """


@hookspec
def penalty_prox(layer: Layer, step: float | Arrays) -> Arrays | None:
    """Return the proximal point of the penalty at the layer's parameters (optional).

    argmin over x of penalty(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ), in the form of `penalty_grad`. Called in
    the modes `prox` and `constraint` only, after the optimizer's step. `step` is the learning rate
    under SGD, and under an adaptive optimizer {parameter: array of what it multiplies directions
    by}. A constraint ignores it, and is also called before the first epoch.
    """


@hookspec
def penalty_model(layers: Sequence[Layer]) -> float | None:
    """Return the penalty of all trainable layers at once, already multiplied by its strength.

    Called once whenever a record is due.
    """


@hookspec
def penalty_model_grad(layers: Sequence[Layer]) -> ModelArrays | None:
    """Return the gradient of `penalty_model`, {layer name: {parameter: array}}.

    Called once in every step, in the modes `loss` and `decoupled`.
    """


@hookspec
def penalty_model_prox(layers: Sequence[Layer], steps: float | ModelArrays) -> ModelArrays | None:
    """Return the proximal point of the penalty, {layer name: {parameter: array}} (optional).

    As `penalty_prox`, with `steps` a number or {layer name: {parameter: array}}.
    """


@hookspec
def penalty_outputs(layer: Layer, outputs: Array) -> float | None:
    """Return the penalty of a layer's outputs in a batch, (samples, n_outputs), read-only.

    It is already multiplied by its strength, and divided by the samples where it is a mean over
    them. Called once for each layer of any kind whenever a record is due, with the last batch.
    """


@hookspec
def penalty_outputs_grad(layer: Layer, outputs: Array) -> Array | None:
    """Return the gradient of `penalty_outputs` by the outputs, of their shape and dtype.

    Called once for each layer in every step's backward pass, except below the first trainable
    layer, where no parameter depends on it.
    """


HOOKS = (
    "penalty",
    "penalty_grad",
    "penalty_prox",
    "penalty_model",
    "penalty_model_grad",
    "penalty_model_prox",
    "penalty_outputs",
    "penalty_outputs_grad",
)
"""The names of all hooks."""
