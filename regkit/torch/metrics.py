"""The metric of an optimizer: the step that a proximal point takes after the optimizer's own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from torch import Tensor, optim

Group = Mapping[str, Any]
State = Mapping[str, Any]


class Metric(Protocol):
    """What proximal points need to know of an optimizer, after its step.

    Attributes:
        adaptive: whether each entry has its own step.
    """

    adaptive: ClassVar[bool]

    def step(self, group: Group, state: State) -> float | Tensor:
        """The step of a parameter: of all its entries, or a tensor of its shape."""

    def displaced(self, group: Group, state: State, displacement: Tensor) -> None:
        """Account in the momentum for a parameter that was moved after the step."""


class SgdMetric:
    """One step for all: the learning rate, with what Nesterov's momentum multiplies it by.

    Momentum must see the displacement of a proximal point, or else the fixed point would solve the
    problem with a strength of (1 − momentum) times the given one.
    """

    adaptive: ClassVar[bool] = False

    def step(self, group: Group, state: State) -> float:
        """lr, times 1 + momentum for Nesterov's, times 1 − dampening."""
        return float(group["lr"]) * _ahead(group) * (1 - float(group["dampening"]))

    def displaced(self, group: Group, state: State, displacement: Tensor) -> None:
        """The buffer holds displacements over −lr."""
        _into_buffer(group, state, displacement, "momentum_buffer", _ahead(group))


class AdamMetric:
    """lr / (√v̂ + ε), of Adam and AdamW; with AMSGrad v̂ is the largest so far."""

    adaptive: ClassVar[bool] = True

    def step(self, group: Group, state: State) -> Tensor:
        """Over the numbers that the step divided by."""
        v = state["max_exp_avg_sq" if group["amsgrad"] else "exp_avg_sq"]
        # Counted in float32, whose powers would not be those that the step used.
        correction = 1 - float(group["betas"][1]) ** float(state["step"])
        return group["lr"] / (v.sqrt() / math.sqrt(correction) + group["eps"])

    def displaced(self, group: Group, state: State, displacement: Tensor) -> None:
        """m and v are those of gradients alone."""


class RmspropMetric:
    """lr / (√v + ε), where v is a running mean of grad², less that of grad squared if centered."""

    adaptive: ClassVar[bool] = True

    def step(self, group: Group, state: State) -> Tensor:
        """Over the numbers that the step divided by."""
        v = state["square_avg"]
        if group["centered"]:
            v = v - state["grad_avg"] ** 2
        return group["lr"] / (v.sqrt() + group["eps"])

    def displaced(self, group: Group, state: State, displacement: Tensor) -> None:
        """The buffer holds displacements over −lr."""
        _into_buffer(group, state, displacement, "momentum_buffer")


class AdagradMetric:
    """lr / (√v + ε), where v is the sum of grad², and lr decays."""

    adaptive: ClassVar[bool] = True

    def step(self, group: Group, state: State) -> Tensor:
        """Over the numbers that the step divided by."""
        return _adagrad_lr(group, state) / (state["sum"].sqrt() + group["eps"])

    def displaced(self, group: Group, state: State, displacement: Tensor) -> None:
        """There is no momentum."""


METRICS: tuple[tuple[type[optim.Optimizer], Metric], ...] = (
    (optim.SGD, SgdMetric()),
    (optim.Adam, AdamMetric()),
    (optim.AdamW, AdamMetric()),
    (optim.RMSprop, RmspropMetric()),
    (optim.Adagrad, AdagradMetric()),
)


def metric_of(optimizer: optim.Optimizer) -> Metric | None:
    """The metric of an optimizer; None if it is not known."""
    return next((metric for kind, metric in METRICS if isinstance(optimizer, kind)), None)


def used_lr(optimizer: optim.Optimizer, group: Group, leaf: Tensor) -> float | Tensor:
    """The learning rate that the last step used, which Adagrad lowers by itself."""
    lr: float | Tensor = group["lr"]
    if isinstance(optimizer, optim.Adagrad):
        return _adagrad_lr(group, optimizer.state[leaf])
    return lr


def _adagrad_lr(group: Group, state: State) -> Any:
    return group["lr"] / (1 + (float(state["step"]) - 1) * group["lr_decay"])


def _ahead(group: Group) -> float:
    return 1.0 + float(group["momentum"]) if group["nesterov"] else 1.0


def _into_buffer(
    group: Group, state: State, displacement: Tensor, name: str, ahead: float = 1.0
) -> None:
    buffer, lr = state.get(name), float(group["lr"])
    if buffer is not None and lr:
        buffer.sub_(displacement, alpha=1 / (lr * ahead))
