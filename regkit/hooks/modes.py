"""The modes in which a penalty acts in a step: one entry each."""

from __future__ import annotations

from dataclasses import dataclass

from regkit.errors import PluginError


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


def mode_of(plugin: object, label: str) -> Mode:
    """The mode that a plugin declares; `loss` where it declares none.

    Raises:
        PluginError: there is no such mode.
    """
    name = getattr(plugin, "mode", LOSS.name)
    if name not in MODES:
        raise PluginError(
            f"regularizer {label!r} declares mode {name!r}: it must be one of {', '.join(MODES)}"
        )
    return MODES[name]
