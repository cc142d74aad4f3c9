"""How a penalty acts in a step, and on what: the modes and the scopes, with their hooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Scope:
    """What a penalty is a function of, and the hooks for it.

    Attributes:
        value: the hook that returns the penalty.
        gradient: the hook that returns its gradient.
        point: the hook that returns its proximal point, or None.
    """

    value: str
    gradient: str
    point: str | None = None


LAYER = Scope("penalty", "penalty_grad", "penalty_prox")
"""The parameters of one layer."""

MODEL = Scope("penalty_model", "penalty_model_grad", "penalty_model_prox")
"""The parameters of all trainable layers."""

OUTPUTS = Scope("penalty_outputs", "penalty_outputs_grad")
"""The outputs of one layer in a batch."""

SCOPES = (LAYER, MODEL, OUTPUTS)


@dataclass(frozen=True)
class Mode:
    """A mode, and the hook through which a penalty acts in a step.

    Attributes:
        name: as the plugin declares it.
        acts_by: by its gradient, or by a point that takes the parameters' place.
    """

    name: str
    acts_by: Literal["gradient", "point"]

    def hook(self, scope: Scope) -> str | None:
        """The hook that the loop calls in a step; None if there is none for the scope."""
        if self.acts_by == "point":
            return scope.point
        return scope.gradient if self is LOSS or scope is not OUTPUTS else None


LOSS = Mode("loss", "gradient")
"""The gradient is added to the data loss's."""

PROX = Mode("prox", "point")
"""The proximal point is taken after the optimizer's update, in the optimizer's metric."""

DECOUPLED = Mode("decoupled", "gradient")
"""The learning rate times the gradient is subtracted beside the optimizer's update."""

CONSTRAINT = Mode("constraint", "point")
"""The parameters are projected after the optimizer's update, and before the first."""

MODES = {mode.name: mode for mode in (LOSS, PROX, DECOUPLED, CONSTRAINT)}
