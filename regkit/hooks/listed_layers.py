"""Penalties of several layers: the layers in the order in which a penalty lists them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from regkit.errors import InputError
from regkit.hooks.layer_view import LayerView
from regkit.regularizers import Configured, ModelRegularizer


def in_listed_order(
    layers: Sequence[LayerView], plugins: Sequence[object], owner: str
) -> list[LayerView]:
    """All layers, those that a penalty of the model lists in its order.

    Frameworks do not say which layer follows which, so that such a penalty must.

    Args:
        layers: as the framework holds them.
        plugins: the regularizers.
        owner: what holds the layers, for messages, such as `a PyTorch model`.

    Raises:
        InputError: a penalty of the model does not list layers by their names, their shapes do not
            chain, or two penalties list them in contrary orders.
    """
    models = [one for one in plugins if isinstance(one, ModelRegularizer)]
    by_name = {layer.name: layer for layer in layers}
    order = list(by_name)
    listed = [_listed(one, layers, owner) for one in models]
    for names in listed:
        places = sorted(order.index(name) for name in names)
        for place, name in zip(places, names, strict=True):
            order[place] = name
    for names in listed:
        if sorted(names, key=order.index) != names:
            raise InputError(
                f"two penalties list {', '.join(names)} in contrary orders: list layers in the "
                "order in which data pass through them"
            )
    return [by_name[name] for name in order]


def _listed(penalty: Configured, layers: Sequence[LayerView], owner: str) -> list[str]:
    """The names of the layers that it lists."""
    own = [(path, layer) for layer in layers for path in _names(layer)]
    found: list[LayerView] = []
    for selector in penalty.selectors:
        layer = next((layer for path, layer in own if path == selector), None)
        if layer is None:
            names = [layer.name for layer in layers]
            raise InputError(
                f"{penalty} is a penalty of several layers, and {owner} does not say which follows "
                f"which: list them in order with on, or as in @{'+'.join(names[:2])} (selector "
                f"{selector!r} is no layer that is trained; there are {', '.join(names)})"
            )
        if layer not in found:
            found.append(layer)
    _require_chain(penalty, found)
    return [layer.name for layer in found]


def _names(layer: LayerView) -> list[str]:
    """A layer's name, and those of its parameters."""
    pairs = [(layer.name, one) for one in layer.params]
    also = [pair for one in layer.params for pair in layer.also.get(one, ())]
    return [layer.name, *(f"{path}.{name}" for path, name in (*pairs, *also))]


def _require_chain(penalty: Configured, layers: Sequence[LayerView]) -> None:
    having = [layer for layer in layers if "weights" in layer.params]
    for layer, following in pairwise(having):
        neurons, inputs = layer.params["weights"].shape[1], following.params["weights"].shape[0]
        if neurons != inputs:
            raise InputError(
                f"{penalty}: {layer.name} has {neurons} neurons, but {following.name} takes "
                f"{inputs} inputs: list layers that follow each other, and whose shapes say so"
            )
