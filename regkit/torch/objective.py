"""The sum of all penalties as a tensor, with the gradient of those that autograd is to add."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from regkit.errors import InputError
from regkit.hooks import RunHooks
from regkit.hooks.modes import LOSS
from regkit.torch.network import Network
from regkit.torch.outputs import Outputs
from regkit.torch.sums import Sums


class Objective:
    """The penalties of a run, and their gradient by parameters and outputs.

    The gradient is that of penalties in mode `loss` alone: the others act beside the loss.
    """

    def __init__(self, network: Network, hooks: RunHooks, outputs: Outputs) -> None:
        self._network = network
        self._hooks = hooks
        self._outputs = outputs

    def penalties(self, epoch: int) -> dict[str, dict[str, float]]:
        """Each penalty where it applies, {label: {module: penalty}}."""
        self._network.refresh()
        with torch.no_grad(), self._network.untouched():
            self._hooks.show(self._network.views(epoch))
            return self._hooks.penalties(
                {path: output.detach() for path, output in self._outputs.last.items()}
            )

    def total(self, epoch: int) -> Tensor:
        """Their sum, of no dimension, detached."""
        each = self.penalties(epoch).values()
        total = sum(one for by_module in each for one in by_module.values())
        places = self._network.places
        like = places[0].leaves[0] if places else torch.empty(())
        return torch.tensor(total, dtype=like.dtype, device=like.device)

    def differentiable(self, epoch: int) -> Tensor:
        """Their sum, of no dimension, with hand-written gradients behind it."""
        self._network.refresh()
        tensors = [place.tensor() for place in self._network.places]
        outputs = self._outputs.taken()
        found: Tensor = _Penalty.apply(self, epoch, tuple(outputs), *tensors, *outputs.values())
        return found

    def gradients(self, epoch: int, paths: tuple[str, ...], outputs: list[Tensor]) -> list[Any]:
        """The gradients by the parameters of `network.places`, and by the outputs of modules."""
        sums = Sums(apart=True)
        self._hooks.add_gradients(LOSS, self._network.views(epoch, sums))
        sums.finish()
        by_place = {id(place): seen for place, seen in sums.parts}
        by_parameters = [
            place.layout.put(by_place[id(place)], place.tensor()) if id(place) in by_place else None
            for place in self._network.places
        ]
        by_outputs = []
        for path, output in zip(paths, outputs, strict=True):
            each = self._hooks.output_gradients(path, output)
            by_outputs.append(sum(each[1:], start=each[0]) if each else None)
        return [*by_parameters, *by_outputs]


class _Penalty(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, objective: Objective, epoch: int, paths: Any, *tensors: Tensor) -> Tensor:
        ctx.objective, ctx.epoch, ctx.paths = objective, epoch, paths
        ctx.save_for_backward(*tensors[len(tensors) - len(paths) :])
        return objective.total(epoch)

    @staticmethod
    def backward(ctx: Any, factor: Tensor) -> tuple[Any, ...]:
        if torch.is_grad_enabled():
            raise InputError(
                "handle.penalty() can be differentiated once, and create_graph asks for twice: "
                "write the penalty in PyTorch's operations"
            )
        outputs = [one.detach() for one in ctx.saved_tensors]
        found = ctx.objective.gradients(ctx.epoch, ctx.paths, outputs)
        return None, None, None, *(None if one is None else one * factor for one in found)
