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

SMALL = 0.02
"""Weights of this root mean square or less are near 0: the default start has 0.01."""


def warn_of_collapse(model: Model, hooks: RunHooks) -> None:
    """Warn of regularizers that tend to set a network to 0 from the start.

    With weights near 0 the data's gradients are small, too: those of a layer are products with the
    other layers' weights. A proximal point that acts on several of these layers, or on biases,
    which start at 0, at full strength from the first step, then sets all of them to 0, where every
    gradient is 0. With weights of one layer alone it does not happen, nor in a linear model.
    """
    small = [layer for layer in model.parameter_layers if layer.trainable and _is_near_zero(layer)]
    if len(model.parameter_layers) < 2 or not small:
        return
    for plugin in hooks.in_mode(PROX):
        if plugin.has_schedule or not plugin.sparsifying:
            continue
        what = _at_risk(plugin, small)
        if what:
            warn(
                f"{plugin.label} acts by its proximal point on {what}, which start near 0, and "
                "tends to set the whole network to 0: let its strength grow, such as with "
                "schedule=ramp:0:1000, or select the weights of one layer"
            )


def warn_of_empty_layers(model: Model, hooks: RunHooks) -> None:
    """Report the layers all of whose weights are 0 at the end, through a proximal point."""
    acting = hooks.in_mode(PROX, CONSTRAINT)
    for layer in model.parameter_layers:
        weights = set(layer.weight_arrays()) if layer.trainable else set()
        by = [one.label for one in acting if weights.intersection(_selected(one, layer))]
        if by and share_of_zeros(layer) == 1:
            warn(
                f"all weights of {layer.name} are exactly 0 in the end, so that the outputs depend "
                f"on nothing before it: lower the strength of {' or '.join(by)}, or let it grow "
                "with a schedule"
            )


def _is_near_zero(layer: ParameterLayer) -> bool:
    arrays = layer.weight_arrays().values()
    entries = sum(array.size for array in arrays)
    squares = sum(total(array, power=2) for array in arrays)
    return bool(entries) and math.sqrt(squares / entries) <= SMALL


def _selected(plugin: RunPlugin, layer: ParameterLayer) -> Iterable[str]:
    """The parameters that it may act on: all of them, where it does not say which."""
    names = plugin.selected(layer)
    return layer.params if names is None else names


def _at_risk(plugin: RunPlugin, small: list[ParameterLayer]) -> str:
    selected = {layer.name: plugin.selected(layer) or () for layer in small}
    with_weights = [
        layer.name for layer in small if set(selected[layer.name]) & set(layer.weight_arrays())
    ]
    if len(with_weights) > 1:
        return f"the weights of {' and '.join(with_weights)}"
    with_biases = [name for name, parameters in selected.items() if "biases" in parameters]
    return f"the biases of {' and '.join(with_biases)}" if with_biases else ""
