"""Where the gradients of penalties are added up: in a parameter's own `.grad`, or beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from regkit.torch.kernels import TensorKernels
from regkit.torch.layouts import shares_memory, zeros_for
from regkit.torch.places import Place

Factor = Callable[[torch.nn.Parameter], "float | Tensor | None"]


class Sums:
    """The sums of one step, each made when a penalty first adds to it.

    A parameter without a gradient gets one only then.

    Args:
        factor: what to multiply the sum for a parameter by; where it is None, the penalties add to
            `.grad` itself.
        apart: whether nothing is added to `.grad`.

    Attributes:
        kernels: what built-in penalties add with.
        parts: the sums that are not in `.grad`, as (inputs, neurons), complete after `finish`.
    """

    def __init__(self, factor: Factor = lambda leaf: None, *, apart: bool = False) -> None:
        self.kernels = TensorKernels()
        self.parts: list[tuple[Place, Tensor]] = []
        self._factor = factor
        self._is_apart = apart

    def of(self, places: Mapping[str, Place]) -> LayerSums:
        """The sums of one layer."""
        return LayerSums(self, places)

    def begin(self, place: Place) -> Tensor:
        """The tensor to add to for a parameter, as (inputs, neurons)."""
        if self._adds_to_grad(place):
            [leaf] = place.leaves
            grad = _grad_of(leaf)
            seen = place.layout.see(grad)
            if shares_memory(seen, grad):
                return seen
        seen = place.layout.see(zeros_for(place.tensor().detach()))
        self.parts.append((place, seen))
        return seen

    def _adds_to_grad(self, place: Place) -> bool:
        return not (self._is_apart or place.computed) and self._factor(place.leaves[0]) is None

    def finish(self) -> None:
        """Complete the sums, and add to `.grad` those beside it, unless they are to stay apart."""
        self.kernels.settle()
        for place, seen in () if self._is_apart else self.parts:
            for leaf, gradient in _by_leaf(place, seen):
                factor = self._factor(leaf)
                total = gradient if factor is None else gradient * factor
                _grad_of(leaf).add_(total.to(leaf.dtype))


class LayerSums(dict[str, Tensor]):
    """The sums of one layer by parameter, made on demand."""

    def __init__(self, sums: Sums, places: Mapping[str, Place]) -> None:
        self._sums = sums
        self._places = places

    def __missing__(self, name: str) -> Tensor:
        self[name] = self._sums.begin(self._places[name])
        return self[name]


def _grad_of(leaf: torch.nn.Parameter) -> Tensor:
    if leaf.grad is None:
        leaf.grad = zeros_for(leaf.detach())
    return leaf.grad


def _by_leaf(place: Place, seen: Tensor) -> list[tuple[torch.nn.Parameter, Tensor]]:
    """The gradient by each parameter that a computed one depends on, by the chain rule."""
    if not place.computed:
        [leaf] = place.leaves
        return [(leaf, place.layout.put(seen, leaf))]
    with torch.enable_grad():
        tensor = place.tensor()
        gradients = torch.autograd.grad(
            tensor, place.leaves, place.layout.put(seen, tensor), allow_unused=True
        )
    pairs = zip(place.leaves, gradients, strict=True)
    return [(leaf, gradient) for leaf, gradient in pairs if gradient is not None]
