"""Penalties of several layers: the layers in the order in which a penalty lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from regkit.errors import InputError
from regkit.regularizers import Configured, ModelRegularizer
from regkit.torch.places import Place

Layers = Mapping[str, Mapping[str, Place]]


def in_listed_order(layers: Layers, plugins: Sequence[object]) -> list[str]:
    """The names of all layers, those that a penalty of the model lists in its order.

    A PyTorch model does not say which layer follows which, so that such a penalty must.

    Raises:
        InputError: a penalty of the model does not list layers by their names, their shapes do not
            chain, or two penalties list them in contrary orders.
    """
    order = list(layers)
    listed = {id(one): _listed(one, layers) for one in plugins if isinstance(one, ModelRegularizer)}
    for names in listed.values():
        places = sorted(order.index(name) for name in names)
        for place, name in zip(places, names, strict=True):
            order[place] = name
    for names in listed.values():
        if sorted(names, key=order.index) != names:
            raise InputError(
                f"two penalties list {', '.join(names)} in contrary orders: list layers in the "
                "order in which data pass through them"
            )
    return order


def _listed(penalty: Configured, layers: Layers) -> list[str]:
    """The layers that it lists, by name."""
    own = [(path, layer) for layer, places in layers.items() for path in _names(layer, places)]
    names = []
    for selector in penalty.selectors:
        found = next((layer for path, layer in own if path == selector), None)
        if found is None:
            raise InputError(
                f"{penalty} is a penalty of several layers, and a PyTorch model does not say which "
                f"follows which: list them in order with on, or as in @{'+'.join(list(layers)[:2])}"
                f" (selector {selector!r} is no layer that this optimizer trains; there are "
                f"{', '.join(layers)})"
            )
        if found not in names:
            names.append(found)
    _require_chain(penalty, names, layers)
    return names


def _names(layer: str, places: Mapping[str, Place]) -> list[str]:
    """A layer's name, and those of its parameters."""
    return [layer, *(f"{one}.{name}" for place in places.values() for one, name in place.names)]


def _require_chain(penalty: Configured, names: Sequence[str], layers: Layers) -> None:
    weights = [(name, layers[name]["weights"]) for name in names if "weights" in layers[name]]
    for (name, place), (following, after) in pairwise(weights):
        neurons, inputs = place.seen().shape[1], after.seen().shape[0]
        if neurons != inputs:
            raise InputError(
                f"{penalty}: {name} has {neurons} neurons, but {following} takes {inputs} inputs: "
                "list layers that follow each other, and whose shapes say so"
            )
