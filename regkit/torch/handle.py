"""What `regularize` returns: the penalties of one optimizer's steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn, optim

from regkit.arguments import integer
from regkit.errors import InputError
from regkit.hooks import RunHooks
from regkit.torch.copies import CopyWarning
from regkit.torch.network import Network
from regkit.torch.objective import Objective
from regkit.torch.outputs import Outputs
from regkit.torch.step import Step
from regkit.warn import warn


class Handle:
    """The penalties that `regularize` joined to an optimizer.

    Made by `regularize` alone.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: optim.Optimizer,
        network: Network,
        hooks: RunHooks,
        *,
        gradients: bool,
    ) -> None:
        self._network = network
        self._hooks = hooks
        self._gradients = gradients
        self._is_advanced = not any(plugin.has_schedule for plugin in hooks.plugins)
        self._outputs = Outputs(model, hooks, gradients)
        self._objective = Objective(network, hooks, self._outputs)
        self._step = Step(network, hooks, optimizer, gradients=gradients)
        self._copies = CopyWarning.on(optimizer)
        self._registered = [
            optimizer.register_step_pre_hook(torch.compiler.disable(self._before)),
            optimizer.register_step_post_hook(torch.compiler.disable(self._after)),
        ]

    def penalties(self) -> dict[str, dict[str, float]]:
        """Each penalty where it applies now, `{label: {module: penalty}}`.

        Strengths and schedules are in them. Penalties of outputs are those of the last forward
        pass in training; of the whole model, under `model`.

        Raises:
            RegularizerError: a hook failed.
        """
        return self._objective.penalties(self._step.epoch)

    def penalty(self) -> Tensor:
        """The sum of all penalties, a tensor of no dimension.

        It is detached where `regularize` adds the gradients. With `gradients=False` it has the
        gradient of the penalties in mode `loss`, to be added to the loss.

        Raises:
            RegularizerError: a hook failed.
        """
        if self._gradients:
            return self._objective.total(self._step.epoch)
        return self._objective.differentiable(self._step.epoch)

    def zeros(self) -> dict[str, float]:
        """The fraction of each module's weights that are exactly 0, by the module's path."""
        self._network.refresh()
        shares = {}
        for layer, places in self._network.layers.items():
            place = places.get("weights")
            if place is not None:
                seen = place.seen()
                shares[layer] = int((seen == 0).sum()) / max(seen.numel(), 1)
        return shares

    def advance(self, epoch: int) -> None:
        """Let schedules go by this epoch from now on; count steps instead if you wish.

        Raises:
            InputError: it is no integer of at least 0.
        """
        self._step.epoch = integer("epoch", epoch, least=0)
        self._hooks.begin_epoch(self._step.epoch)
        self._is_advanced = True

    def state_dict(self) -> dict[str, Any]:
        """What must be saved to go on later: the epoch, and the labels to recognize it by."""
        return {"epoch": self._step.epoch, "labels": list(self._hooks.labels)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state.

        Raises:
            InputError: it is that of other penalties.
        """
        if not isinstance(state, Mapping) or set(state) != {"epoch", "labels"}:
            raise InputError("this is no state of penalties: save handle.state_dict()")
        if list(state["labels"]) != self._hooks.labels:
            raise InputError(
                f"this is the state of {', '.join(state['labels'])}, but the penalties are "
                f"{', '.join(self._hooks.labels)}"
            )
        self.advance(state["epoch"])

    def remove(self) -> None:
        """Take the penalties off: model and optimizer are as before."""
        if self._registered:
            for one in self._registered:
                one.remove()
            self._registered.clear()
            self._outputs.remove()
            self._copies.release()

    def _before(self, optimizer: optim.Optimizer, args: Any, kwargs: Any) -> Any:
        if not self._is_advanced:
            self._is_advanced = True
            scheduled = [one.label for one in self._hooks.plugins if one.has_schedule]
            warn(
                f"{', '.join(scheduled)} has a schedule, but handle.advance(epoch) was never "
                "called: its factor stays that of epoch 0"
            )
        self._outputs.before_step()
        return self._step.before(args, kwargs)

    def _after(self, optimizer: optim.Optimizer, args: Any, kwargs: Any) -> None:
        self._step.after()
        self._outputs.after_step()
