"""Proximal points and projections: what they set parameters to after an optimizer's step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, optim

from regkit.hooks import RunHooks
from regkit.hooks.modes import MODEL, PROX
from regkit.torch.metrics import metric_of
from regkit.torch.network import Network
from regkit.torch.places import Place

NEXT_TO_NOTHING = 1e-8
"""The step at a parameter that the optimizer did not move; its point is not taken."""


class Points:
    """The proximal points and projections of one optimizer.

    Parameters are projected when it is made, so that constraints hold before the first step.
    """

    def __init__(self, network: Network, hooks: RunHooks, optimizer: optim.Optimizer) -> None:
        self._network = network
        self._hooks = hooks
        self._optimizer = optimizer
        self._metric = metric_of(optimizer)
        self._is_proximal = bool(hooks.in_mode(PROX))
        with torch.no_grad():
            for layer, name, point in hooks.projections():
                place = network.layers[layer][name]
                place.leaves[0].copy_(place.layout.put(point, place.leaves[0]))

    def take(self, epoch: int) -> None:
        """Set the parameters that the optimizer moved."""
        self._hooks.show(self._network.views(epoch))
        with self._network.untouched():
            found = self._found()
        for layer, name, point in found:
            place = self._network.layers[layer][name]
            if self._is_moved(place):
                self._set(place, point)

    def _found(self) -> list[tuple[str, str, Tensor]]:
        if not self._is_proximal or self._metric is None:
            return self._hooks.projections()
        steps = {
            layer: Steps(places, self._step_of) for layer, places in self._network.layers.items()
        }
        if self._metric.adaptive:
            return self._hooks.points(steps)
        rates = {self._step_of(place) for place in self._network.places}
        if len(rates) > 1:
            return self._hooks.points(steps)
        return self._hooks.points(rates.pop())

    def _step_of(self, place: Place) -> float | Tensor:
        """The step of a parameter, as (inputs, neurons) where each entry has its own."""
        [leaf] = place.leaves
        assert self._metric is not None
        several = self._metric.adaptive or self._hooks.registry.asked(MODEL.point, PROX)
        if not self._is_moved(place):
            step: float | Tensor = NEXT_TO_NOTHING
        else:
            step = self._metric.step(self._network.group_of(leaf), self._optimizer.state[leaf])
        if not isinstance(step, Tensor):
            return place.seen().new_full(place.seen().shape, step) if several else step
        return place.layout.see(step)

    def _is_moved(self, place: Place) -> bool:
        [leaf] = place.leaves
        return leaf.grad is not None and bool(self._network.group_of(leaf)["lr"])

    def _set(self, place: Place, point: Tensor) -> None:
        [leaf] = place.leaves
        group, wanted = self._network.group_of(leaf), place.layout.put(point, leaf)
        if self._metric is not None and group.get("momentum"):
            self._metric.displaced(group, self._optimizer.state[leaf], wanted - leaf)
        leaf.copy_(wanted)


class Steps(Mapping[str, Any]):
    """The steps of one layer's parameters by name, each computed when it is asked for."""

    def __init__(
        self, places: Mapping[str, Place], step_of: Callable[[Place], float | Tensor]
    ) -> None:
        self._places = places
        self._step_of = step_of

    def __getitem__(self, name: str) -> float | Tensor:
        return self._step_of(self._places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
