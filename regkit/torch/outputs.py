"""Penalties of outputs: what a module returns is seen as it passes, and its gradient joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from regkit.errors import InputError
from regkit.hooks import RunHooks
from regkit.hooks.modes import OUTPUTS
from regkit.torch.modules import modules_of
from regkit.warn import warn


class Outputs:
    """The outputs of the modules that penalties select, in training, since the last step.

    Args:
        model: whose modules are watched.
        hooks: of the run.
        gradients: whether the penalties' gradients join those of the data on their way back.

    Attributes:
        last: what each module returned last, (samples, n), by its path; with the graph where no
            gradients are joined.
    """

    def __init__(self, model: nn.Module, hooks: RunHooks, gradients: bool) -> None:
        self.last: dict[str, Tensor] = {}
        self._hooks = hooks
        self._gradients = gradients
        self._since_step: set[str] = set()
        self._told = False
        self._handles: list[RemovableHandle] = [
            module.register_forward_hook(Watch(self.see, path))
            for path, module in modules_of(model)
            if path in hooks.any_layers and _is_selected(hooks, path)
        ]

    def remove(self) -> None:
        """Watch no longer."""
        for handle in self._handles:
            handle.remove()

    def begin_step(self) -> None:
        """The optimizer has used the gradients of what was seen."""
        self._since_step.clear()

    def see(self, path: str, output: Any) -> None:
        """What a module returns in training."""
        given = output[0] if isinstance(output, tuple) else output
        if not isinstance(given, Tensor):
            raise InputError(
                f"module {path} returns {type(output).__name__}, and penalties of outputs take "
                "tensors: select another module"
            )
        rows = given.reshape(len(given), -1)
        if not self._gradients:
            self.last[path] = rows
            return
        self.last[path] = rows.detach()
        if given.requires_grad:
            self._join(path, given)

    def _join(self, path: str, given: Tensor) -> None:
        if given.dtype is torch.float16:
            raise InputError(
                f"module {path} returns float16, whose losses are scaled by a factor that only the "
                "GradScaler knows: use bfloat16, or gradients=False and add handle.penalty() to "
                "the loss"
            )
        gradients = self._hooks.output_gradients(path, self.last[path])
        if gradients:
            total: Tensor = sum(gradients[1:], start=gradients[0]).reshape(given.shape)
            given.register_hook(lambda gradient: self._joined(path, gradient, total))

    def _joined(self, path: str, gradient: Tensor, total: Tensor) -> Tensor:
        if path in self._since_step and not self._told:
            self._told = True
            warn(
                f"gradients passed module {path} twice before a step, so that penalties of its "
                "outputs count twice: for micro-batches pass gradients=False and add "
                "handle.penalty() to each loss before it is divided"
            )
        self._since_step.add(path)
        return gradient + total.to(gradient.dtype)


class Watch:
    """A forward hook that a copy or a file of the module does not keep."""

    def __init__(self, see: Callable[[str, Any], None], path: str) -> None:
        self._see = see
        self._path = path

    @torch.compiler.disable
    def __call__(self, module: nn.Module, inputs: Sequence[Any], output: Any) -> None:
        """Called by PyTorch after the module's forward pass."""
        if module.training and torch.is_grad_enabled():
            self._see(self._path, output)

    def __deepcopy__(self, memo: object) -> Unwatched:
        return Unwatched()

    def __reduce__(self) -> tuple[type[Unwatched], tuple[()]]:
        return Unwatched, ()


class Unwatched:
    """What a copy of a watched module has in place of the hook."""

    def __call__(self, module: nn.Module, inputs: Sequence[Any], output: Any) -> None:
        """Do nothing."""


def _is_selected(hooks: RunHooks, path: str) -> bool:
    """Whether a penalty of outputs may apply to those of a module."""
    layer = hooks.any_layers[path]
    return any(one.selects(layer) is not False for one in hooks.registry.asked(OUTPUTS.value))
