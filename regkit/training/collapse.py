"""Networks that a sparsifying proximal point empties before they have learned, or by the end."""

from __future__ import annotations

import math
from collections.abc import Iterable

from regkit.hooks import RunHooks
from regkit.hooks.modes import CONSTRAINT, PROX
from regkit.hooks.run_plugin import RunPlugin
from regkit.kernels.chunks import total
from regkit.nn.layers import ParameterLayer
from regkit.nn.model import Model
from regkit.training.zeros import share_of_zeros
from regkit.warn import warn

STRONG = 0.5
"""A schedule that begins above this factor lets a penalty act at about its full strength."""

EMPTY = "are exactly 0 in the end"
WHOLE = "set the whole network to 0"

SMALL = 0.02
"""Weights of this root mean square or less are near 0: the default start has 0.01."""


def warn_of_collapse(model: Model, hooks: RunHooks, epochs: int) -> None:
    """Warn of regularizers that together tend to set a network to 0 from the start.

    With weights near 0 the data's gradients are small, too: those of a layer are products with the
    other layers' weights. Proximal points that act on several of these layers, or on biases, which
    start at 0, at full strength from the first step, then set all of them to 0, where every
    gradient is 0. With weights of one layer alone it hardly happens, and not in a linear model.

    Args:
        model: before the first step.
        hooks: of the run.
        epochs: of the whole training, for the schedule that is proposed.
    """
    small = [layer for layer in model.parameter_layers if layer.trainable and _is_near_zero(layer)]
    strong = [
        plugin
        for plugin in hooks.in_mode(PROX)
        if plugin.sparsifying and plugin.factor_at(0) > STRONG
    ]
    if len(model.parameter_layers) < 2 or not small or not strong:
        return
    acting, what = _at_risk(strong, small)
    if what:
        labels = " and ".join(plugin.label for plugin in acting)
        several = len(acting) > 1
        acts = "act by their proximal points" if several else "acts by its proximal point"
        strength = "their strengths" if several else "its strength"
        warn(
            f"{labels} {acts} on {what}, which start near 0, and tend{'' if several else 's'} to "
            f"{WHOLE}: let {strength} grow, such as with "
            f"schedule=ramp:0:{max(epochs // 3, 1)}, or select the weights of one layer"
        )


def warn_of_empty_layers(model: Model, hooks: RunHooks) -> None:
    """Report the layers all of whose weights are 0 at the end, through a proximal point."""
    acting = hooks.in_mode(PROX, CONSTRAINT)
    for layer in model.parameter_layers:
        weights = set(layer.weight_arrays()) if layer.trainable else set()
        by = [one for one in acting if weights.intersection(_selected(one, layer))]
        if by and share_of_zeros(layer) == 1:
            labels = " or ".join(one.label for one in by)
            advice = (
                f"lower the strength of {labels}, or let it grow with a schedule"
                if any(one.mode is PROX for one in by)
                else f"choose a constraint that allows other weights than {labels}"
            )
            warn(
                f"all weights of {layer.name} {EMPTY}, so that the outputs depend "
                f"on nothing before it: {advice}"
            )


def is_of_collapse(message: str) -> bool:
    """Whether a warning is that of `warn_of_collapse` or of `warn_of_empty_layers`."""
    return EMPTY in message or WHOLE in message


def _is_near_zero(layer: ParameterLayer) -> bool:
    arrays = layer.weight_arrays().values()
    entries = sum(array.size for array in arrays)
    squares = sum(total(array, power=2) for array in arrays)
    return bool(entries) and math.sqrt(squares / entries) <= SMALL


def _selected(plugin: RunPlugin, layer: ParameterLayer) -> Iterable[str]:
    """The parameters that it may act on: all of them, where it does not say which."""
    names = plugin.selected(layer)
    return layer.params if names is None else names


def _at_risk(plugins: list[RunPlugin], small: list[ParameterLayer]) -> tuple[list[RunPlugin], str]:
    """The plugins that act on what may be emptied, and what that is; none if nothing is."""
    on_weights: dict[str, list[RunPlugin]] = {}
    on_biases: dict[str, list[RunPlugin]] = {}
    for layer in small:
        for plugin in plugins:
            selected = set(plugin.selected(layer) or ())
            if selected & set(layer.weight_arrays()):
                on_weights.setdefault(layer.name, []).append(plugin)
            if "biases" in selected:
                on_biases.setdefault(layer.name, []).append(plugin)
    found, what = (on_weights, "weights") if len(on_weights) > 1 else (on_biases, "biases")
    acting = [one for one in plugins if any(one in several for several in found.values())]
    return acting, f"the {what} of {' and '.join(found)}" if found else ""
