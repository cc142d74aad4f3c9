"""One step: gradients before the optimizer's own, decoupled penalties and points after it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, optim

from regkit.hooks import RunHooks
from regkit.hooks.modes import CONSTRAINT, DECOUPLED, LAYER, LOSS, MODEL, PROX
from regkit.torch.metrics import used_lr
from regkit.torch.network import Network
from regkit.torch.places import Place
from regkit.torch.points import Points
from regkit.torch.requirements import require_dense_gradient
from regkit.torch.sums import Sums

Args = tuple[Any, ...]
Kwargs = dict[str, Any]


class Step:
    """The part of the penalties in each step of one optimizer.

    Args:
        network: the layers that the optimizer trains.
        hooks: of the run.
        optimizer: whose steps they are.
        gradients: whether those of penalties in mode `loss` are added.

    Attributes:
        epoch: by which schedules go.
    """

    def __init__(
        self, network: Network, hooks: RunHooks, optimizer: optim.Optimizer, *, gradients: bool
    ) -> None:
        self.epoch = 0
        self._network = network
        self._hooks = hooks
        self._optimizer = optimizer
        self._adds = gradients and _has_gradients(hooks)
        self._is_decoupled = bool(hooks.in_mode(DECOUPLED))
        self._decoupled: list[tuple[Place, Tensor]] = []
        acting = hooks.in_mode(PROX, CONSTRAINT)
        self._points = Points(network, hooks, optimizer) if acting else None

    def before(self, args: Args, kwargs: Kwargs) -> tuple[Args, Kwargs] | None:
        """Add the gradients; where a closure is given, each time that it has made new ones."""
        self._network.refresh()
        if self._is_decoupled:
            self._measure_decoupled()
        optimizer, *given = args
        closure = given[0] if given else kwargs.get("closure")
        if not self._adds or closure is None:
            self._add_gradients()
            return None

        def with_penalties() -> Any:
            loss = closure()
            self._add_gradients()
            return loss

        return (optimizer,), {**kwargs, "closure": with_penalties}

    @torch.no_grad()
    def after(self) -> None:
        """Take decoupled parts, proximal points and projections, unless the step was skipped."""
        # A fused optimizer that meets an infinite gradient leaves everything as it is.
        found_inf = getattr(self._optimizer, "found_inf", None)
        if found_inf is not None and float(found_inf):
            return
        for place, gradient in self._decoupled:
            [leaf] = place.leaves
            if leaf.grad is not None:
                lr = used_lr(self._optimizer, self._network.group_of(leaf), leaf)
                leaf.sub_(place.layout.put(gradient.mul_(lr), leaf))
        if self._points is not None:
            self._points.take(self.epoch)

    @torch.no_grad()
    def _add_gradients(self) -> None:
        if self._adds:
            for place in self._network.places:
                require_dense_gradient(place, self._hooks.in_mode(LOSS))
            sums = Sums(self._factor)
            with self._network.untouched():
                self._hooks.add_gradients(LOSS, self._network.views(self.epoch, sums))
            sums.finish()

    @torch.no_grad()
    def _measure_decoupled(self) -> None:
        """The gradients at the parameters before the step."""
        sums = Sums(apart=True)
        self._hooks.add_gradients(DECOUPLED, self._network.views(self.epoch, sums))
        sums.finish()
        self._decoupled = sums.parts

    def _factor(self, leaf: torch.nn.Parameter) -> float | Tensor | None:
        """What a gradient must be multiplied by to be added to this parameter's own; None for 1.

        A GradScaler leaves it to fused optimizers to divide by its scale, and `maximize` turns the
        sign of all gradients.
        """
        scale: Tensor | None = getattr(self._optimizer, "grad_scale", None)
        if self._network.group_of(leaf).get("maximize"):
            return -1.0 if scale is None else -scale
        return scale


def _has_gradients(hooks: RunHooks) -> bool:
    return any(hooks.registry.asked(scope.gradient, LOSS) for scope in (LAYER, MODEL))
