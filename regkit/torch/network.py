"""A PyTorch model as regkit's hooks see it: the layers that an optimizer trains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from regkit.errors import InputError, PluginError
from regkit.hooks import LayerView
from regkit.hooks.layer_view import Names
from regkit.hooks.listed_layers import in_listed_order
from regkit.kernels.accumulation import Accumulation
from regkit.regularizers import ModelRegularizer, Regularizer
from regkit.torch.exclusions import Exclusions
from regkit.torch.modules import modules_of
from regkit.torch.places import Pair, Place, places_of, with_names_of
from regkit.torch.sums import Sums

NOT_TRAINED = "frozen, excluded or not optimized"
"""Of parameters that no penalty sees, for messages."""


class Network:
    """The parameters that an optimizer trains and no exclusion names, by layers.

    A layer is a module, or a projection of one that holds several. Parameters that are frozen,
    unfrozen or added later are found at the next `refresh`.

    Args:
        model: whose parameters are seen.
        optimizer: that trains some of them.
        exclusions: what is left alone.
        plugins: whose selectors say where a parameter is seen that several modules share.

    Raises:
        InputError: the optimizer trains no parameter of the model, an exclusion matches nothing, or
            a parameter is hidden or without data.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        exclusions: Exclusions,
        plugins: Sequence[object],
    ) -> None:
        self.model = model
        self._optimizer = optimizer
        self._exclusions = exclusions
        self._plugins = plugins
        exclusions.require_matches(places_of(model))
        self.layers: dict[str, dict[str, Place]] = {}
        self.not_trained: list[Pair] = []
        self._groups: dict[int, dict[str, Any]] = {}
        self._signature: object = None
        self._order: list[str] = []
        self.refresh()
        if any(isinstance(one, ModelRegularizer) for one in plugins):
            ordered = in_listed_order(self.views(epoch=0), plugins, "a PyTorch model")
            self._order = [layer.name for layer in ordered]
            self.layers = {name: self.layers[name] for name in self._order}
        leaves = {id(leaf) for place in places_of(model) for leaf in place.leaves}
        if leaves and not leaves & set(self._groups):
            raise InputError(
                f"this {type(optimizer).__name__} holds no parameter of the model: make it with "
                "model.parameters()"
            )

    def refresh(self) -> None:
        """See which parameters there are, if any were added, frozen or unfrozen."""
        optimized = [p for group in self._optimizer.param_groups for p in group["params"]]
        signature = [(id(parameter), parameter.requires_grad) for parameter in optimized]
        if signature == self._signature:
            return
        self._signature = signature
        groups = self._optimizer.param_groups
        self._groups = {id(leaf): group for group in groups for leaf in group["params"]}
        trained = {id(parameter) for parameter in optimized if parameter.requires_grad}
        self.not_trained = []
        layers: dict[str, dict[str, Place]] = {}
        for place in _each_once(places_of(self.model), self._plugins):
            floating = all(leaf.is_floating_point() for leaf in place.leaves)
            whole = bool(place.leaves) and all(id(leaf) in trained for leaf in place.leaves)
            if whole and floating and not self._exclusions.leave_out(place):
                layers.setdefault(place.layer, {})[place.name] = place
            else:
                self.not_trained += place.names
        known = [name for name in self._order if name in layers]
        self.layers = {name: layers[name] for name in dict.fromkeys([*known, *layers])}

    @property
    def places(self) -> list[Place]:
        """The parameters, layer by layer."""
        return [place for layer in self.layers.values() for place in layer.values()]

    def group_of(self, leaf: nn.Parameter) -> dict[str, Any]:
        """The optimizer's settings for a parameter."""
        return self._groups[id(leaf)]

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """A time in which penalties are asked and nobody may write to a parameter.

        Raises:
            PluginError: a penalty did.
        """
        leaves = [(place, leaf, leaf._version) for place in self.places for leaf in place.leaves]
        yield
        for place, leaf, version in leaves:
            if leaf._version != version:
                raise PluginError(
                    f"a penalty changed {place.path} in place: what a hook is given must stay as "
                    "it is, so compute with a copy"
                )

    def views(self, epoch: int, sums: Sums | None = None) -> list[LayerView]:
        """The layers as hooks see them now, with sums to add gradients to if given."""
        return [
            LayerView(
                name,
                {one: place.seen() for one, place in places.items()},
                None if sums is None else Accumulation(sums.of(places), sums.kernels),
                epoch,
                _also(places),
            )
            for name, places in self.layers.items()
        ]

    def others(self, epoch: int, named: Sequence[str]) -> list[LayerView]:
        """Modules without a layer of their own, for penalties of outputs.

        A module that consists of others passes on what its last one does, so that it counts only
        where its whole name is given.
        """
        return [
            LayerView(path, {}, epoch=epoch)
            for path, module in modules_of(self.model)
            if path not in self.layers and (path in named or not any(module.children()))
        ]


def _also(places: dict[str, Place]) -> Names:
    return {name: place.also for name, place in places.items()}


def _each_once(places: Sequence[Place], plugins: Sequence[object]) -> list[Place]:
    """Each parameter in one place, where it is found by the names of its other places, too.

    Raises:
        InputError: two penalties see a shared parameter in different orientations.
    """
    shared: dict[tuple[int, ...], list[Place]] = {}
    for place in places:
        shared.setdefault(tuple(map(id, place.leaves)) or (id(place),), []).append(place)
    found = []
    for same in shared.values():
        first = same[0] if len(same) == 1 else _place_of(same, plugins)
        found.append(with_names_of(first, [one for one in same if one is not first]))
    return found


def _place_of(same: Sequence[Place], plugins: Sequence[object]) -> Place:
    """Where a penalty selects a shared parameter, first of all one to which neurons matter."""
    by_penalty = [
        (one, next((place for place in same if one.selected(_view(place))), None))
        for one in plugins
        if isinstance(one, Regularizer | ModelRegularizer)
    ]
    selected = [(one, place) for one, place in by_penalty if place is not None]
    matters = [(one, p) for one, p in selected if not getattr(one, "elementwise", False)]
    for (one, place), (other, elsewhere) in pairwise(matters):
        if place.layout is not elsewhere.layout:
            raise InputError(
                f"{one} and {other} select one parameter as {place.path} and as {elsewhere.path}, "
                "whose neurons are not the same: select it by one of these names"
            )
    chosen = matters or selected
    return chosen[0][1] if chosen else same[0]


def _view(place: Place) -> LayerView:
    return LayerView(place.layer, {place.name: place.seen()}, also={place.name: place.also})
