"""From a model and regularizers to the hooks of one run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from regkit.errors import InputError
from regkit.nn.layers.seen_by_hooks import LayerSeenByHooks
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.pieces import KEPT_PIECE
from regkit.plugins import RunHooks


def run_hooks(model: Model, regularizers: Iterable[object], *, compiled: bool = False) -> RunHooks:
    """The model's own strengths and these regularizers, as the hooks of one run.

    `compiled` says whether built-in penalties may use compiled kernels.

    Raises:
        InputError: what is given is no list, or a selector matches nothing that is trainable.
        PluginError: a regularizer cannot be used.
    """
    if isinstance(regularizers, str):
        raise InputError(f"regularizers must be a list, such as [{regularizers!r}]")
    from_layers = [one for layer in model.parameter_layers for one in layer.regularizers()]
    trainable = [layer for layer in model.parameter_layers if layer.trainable]
    frozen = [layer for layer in model.parameter_layers if not layer.trainable]
    largest = max((layer.weights.size for layer in trainable), default=0)
    scratch = np.empty(min(largest, KEPT_PIECE), model.dtype)
    return RunHooks(
        [*from_layers, *regularizers],
        [LayerSeenByHooks(layer, scratch, compiled=compiled) for layer in trainable],
        [(layer.name, name) for layer in frozen for name in layer.params],
    )


def require_gradient_descent_for_prox(hooks: RunHooks, optimizer: Optimizer) -> None:
    """Check that the optimizer is one whose learning rate is the step of a proximal point.

    Raises:
        InputError: a regularizer is in mode `prox`, and the optimizer is adaptive.
        FieldError: the learning rate exceeds the largest step that its prox declares.
    """
    if hooks.proximal and optimizer.adaptive:
        raise InputError(
            f"{hooks.proximal[0].label} is in mode 'prox', which needs SGD: "
            f"{type(optimizer).__name__} gives each weight a step of its own, and a proximal step "
            "with the learning rate would nearly lose the penalty"
        )
    for identity in hooks.proximal:
        # The learning rate only decays: what is legal now stays legal.
        refuse = getattr(identity.plugin, "require_legal_step", None)
        if refuse is not None:
            refuse(optimizer.current_lr)
