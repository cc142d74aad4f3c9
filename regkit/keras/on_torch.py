"""On PyTorch: a penalty with its own gradient, for autograd."""

from __future__ import annotations

from typing import Any

import torch

from regkit.errors import InputError
from regkit.hooks.bridge import Bridged
from regkit.keras.hooked import Hooked

bridge = Bridged
"""Over the CPU and back."""


@torch.compiler.disable
def differentiable(hooked: Hooked, x: torch.Tensor) -> torch.Tensor:
    """The penalty of a tensor, of no dimension."""
    if x.device.type == "meta":  # Keras asks for shapes alone.
        return x.new_zeros(())
    found: torch.Tensor = _Penalty.apply(hooked, x)
    return found


class _Penalty(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hooked: Hooked, x: torch.Tensor) -> torch.Tensor:
        ctx.hooked = hooked
        ctx.save_for_backward(x)
        return x.new_tensor(hooked.value(x.detach()))

    @staticmethod
    @torch.compiler.disable
    def backward(ctx: Any, factor: torch.Tensor) -> tuple[None, torch.Tensor]:
        if torch.is_grad_enabled():
            raise InputError(
                "a penalty of regkit can be differentiated once, and create_graph asks for twice: "
                "write it in operations of Keras"
            )
        [x] = ctx.saved_tensors
        return None, factor * ctx.hooked.gradient(x.detach())
