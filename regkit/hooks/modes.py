"""The modes in which a penalty acts in a step: one entry each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    """The hook through which a penalty acts.

    Attributes:
        name: as the plugin declares it.
        hook: the hook that the loop calls once for each layer in a step.
        exclusive: whether at most one penalty of this mode may act on a parameter.
    """

    name: str
    hook: str
    exclusive: bool = False


LOSS = Mode("loss", "penalty_grad")
"""The gradient is added to the data loss's."""

PROX = Mode("prox", "penalty_prox", exclusive=True)
"""The proximal point is taken after the optimizer's update; two of them would not add up."""

MODES = {mode.name: mode for mode in (LOSS, PROX)}
