"""Penalties of outputs: what a module returns is seen as it passes, and its gradient joined."""

from __future__ import annotations

import sys
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
        self._is_missed = False
        self._handles: list[RemovableHandle] = [
            module.register_forward_hook(Watch(self.see, path))
            for path, module in modules_of(model)
            if path in hooks.any_layers and _is_selected(hooks, path)
        ]

    def remove(self) -> None:
        """Watch no longer."""
        for handle in self._handles:
            handle.remove()

    def before_step(self) -> None:
        """The gradients of what was seen are about to be used.

        Raises:
            InputError: a GradScaler has divided them by its scale, with the data's.
        """
        if self._gradients and self._since_step and is_scaled():
            raise InputError(
                "penalties of outputs were divided by the scale of the GradScaler, which only the "
                "loss is multiplied by: use regularize(..., gradients=False) and add "
                "handle.penalty() to the loss, or train without a GradScaler"
            )

    def after_step(self) -> None:
        """The gradients were used; the graphs behind them are no longer needed."""
        if self._handles and not self.last and not self._is_missed:
            self._is_missed = True
            warn(
                "penalties of outputs have seen no output in training before this step: a model "
                "that torch.compile compiled before regularize does not call them; call "
                "torch.compiler.reset() after regularize"
            )
        self._since_step.clear()
        self.last = {path: rows.detach() for path, rows in self.last.items()}

    def taken(self) -> dict[str, Tensor]:
        """What each module returned last, with its graph, for a sum to be differentiated."""
        self._since_step.clear()
        return dict(self.last)

    def see(self, path: str, output: Any) -> None:
        """What a module returns in training."""
        given = output[0] if isinstance(output, tuple) else output
        if not isinstance(given, Tensor):
            raise InputError(
                f"module {path} returns {type(output).__name__}, and penalties of outputs take "
                "tensors: select another module"
            )
        # A copy: the next module may change the tensor in place.
        rows = given.clone().reshape(len(given), -1)
        if not self._gradients:
            self._tell_of_two_runs(path)
            self.last[path] = rows
            return
        self.last[path] = rows.detach()
        if given.requires_grad:
            self._join(path, given)

    def _join(self, path: str, given: Tensor) -> None:
        if given.dtype is torch.float16:
            raise InputError(
                f"module {path} returns float16, whose losses are scaled by a factor that only the "
                "GradScaler knows: use gradients=False and add handle.penalty() to the loss, or "
                "bfloat16 without a GradScaler"
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

    def _tell_of_two_runs(self, path: str) -> None:
        if path in self._since_step and not self._told:
            self._told = True
            warn(
                f"module {path} ran twice in training before handle.penalty(), which knows only "
                "the last outputs"
            )
        self._since_step.add(path)


class Watch:
    """A forward hook that a copy or a file of the module does not keep."""

    __name__ = "watch"

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

    __name__ = "unwatched"

    def __call__(self, module: nn.Module, inputs: Sequence[Any], output: Any) -> None:
        """Do nothing."""


def is_scaled() -> bool:
    """Whether the step that is being taken is one of a GradScaler with a scale other than 1.

    It tells nobody but fused optimizers, so that its own call must be found.
    """
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        scaler = frame.f_locals.get("self")
        if isinstance(scaler, torch.amp.GradScaler):
            return bool(scaler.is_enabled() and scaler.get_scale() != 1)
    return False


def _is_selected(hooks: RunHooks, path: str) -> bool:
    """Whether a penalty of outputs may apply to those of a module."""
    layer = hooks.any_layers[path]
    return any(one.selects(layer) is not False for one in hooks.registry.asked(OUTPUTS.value))
