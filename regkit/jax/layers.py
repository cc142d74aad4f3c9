"""The layers of a tree of parameters, and their arrays as hooks see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jax
import numpy as np

from regkit.errors import InputError
from regkit.hooks import LayerView
from regkit.hooks.callback_bridge import stand_in
from regkit.jax.places import Place, is_parameter, places_in

NARROWEST = 4
"""Bytes of the numbers that hooks see."""

ByLeaf = Mapping[int, Any]
"""Arrays in the layout of the tree, by the number of the leaf."""


class Layers:
    """What holds arrays in a tree: each dictionary or module is a layer.

    Args:
        tree: of parameters, traced or not: its shapes alone matter.

    Raises:
        InputError: the tree holds no parameters, or two of one name in a layer.
    """

    def __init__(self, tree: Any) -> None:
        places = places_in(tree)
        if not places:
            raise InputError(
                "params holds no array of floating-point numbers: give a tree such as "
                "{'dense1': {'kernel': …, 'bias': …}}"
            )
        self._places = _by_layer(places)

    def __iter__(self) -> Iterator[str]:
        """Their names, in order."""
        return iter(self._places)

    @property
    def numbers(self) -> list[int]:
        """Which leaves of the tree are parameters."""
        return [p.number for places in self._places.values() for p in places.values()]

    def place(self, layer: str, name: str) -> Place:
        """Where a parameter is."""
        return self._places[layer][name]

    def put_in_order(self, names: Sequence[str]) -> None:
        """List them in another order."""
        self._places = {name: self._places[name] for name in names}

    def views(self, arrays: Any, epoch: Any) -> list[LayerView]:
        """What hooks see of them, with these arrays by leaf."""
        return [
            LayerView(
                name,
                {one: _seen(place, arrays[place.number]) for one, place in places.items()},
                epoch=epoch,
                also={one: place.also for one, place in places.items()},
            )
            for name, places in self._places.items()
        ]

    def stand_ins(self, tree: Any, *, drawn: bool) -> list[LayerView]:
        """The same with numbers of NumPy in the parameters' places, before there is a step."""
        leaves = jax.tree.leaves(tree)
        return self.views([_stand_in_like(leaf, drawn=drawn) for leaf in leaves], 0)


def _stand_in_like(leaf: Any, *, drawn: bool) -> Any:
    """Numbers of NumPy in a parameter's place; what is none stays as it is.

    They are drawn where hooks are tried on them; else there is one, which takes no memory.
    """
    if not is_parameter(leaf):
        return leaf
    if drawn:
        return stand_in(leaf.shape, leaf.dtype)
    return np.broadcast_to(stand_in((), leaf.dtype), leaf.shape)


def _seen(place: Place, array: Any) -> Any:
    """An array as hooks see it; one of 16 bits in float32, since it could not even be added up."""
    seen = place.layout.see(array)
    return seen.astype(np.float32) if seen.dtype.itemsize < NARROWEST else seen


def _by_layer(places: Sequence[Place]) -> dict[str, dict[str, Place]]:
    layers: dict[str, dict[str, Place]] = {}
    for place in places:
        named = layers.setdefault(place.layer, {})
        # Beside a `kernel` that is the weights, a `w` is called as it is.
        one = place if place.name not in named else place.by_its_own_name()
        if one.name in named:
            raise InputError(
                f"two arrays of params are both called {one.path}: give one another name"
            )
        named[one.name] = one
    return layers
