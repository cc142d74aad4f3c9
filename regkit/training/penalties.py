"""From a model and regularizers to the hooks of one run."""

from __future__ import annotations

from collections.abc import Iterable

from regkit.errors import InputError
from regkit.hooks import LayerView, RunHooks
from regkit.kernels.kernels import Kernels
from regkit.nn.model import Model
from regkit.training.plan import Plan


def run_hooks(
    model: Model, regularizers: Iterable[object], kernels: Kernels | None = None
) -> RunHooks:
    """The model's own strengths and these regularizers, as the hooks of one run.

    Raises:
        InputError: a selector matches nothing that is trainable.
        PluginError: a regularizer cannot be used.
    """
    kernels = kernels or Kernels()
    layers = model.parameter_layers
    from_layers = [one for layer in layers for one in layer.regularizers()]
    return RunHooks(
        [*from_layers, *regularizers],
        [
            LayerView(layer.name, layer.params, layer.gradients, kernels)
            for layer in layers
            if layer.trainable
        ],
        [(layer.name, name) for layer in layers if not layer.trainable for name in layer.params],
    )


def require_proximal_steps(hooks: RunHooks, plan: Plan) -> None:
    """Check that the optimizer has a step for the regularizers in mode `prox`.

    Raises:
        InputError: the optimizer has none.
        FieldError: its step exceeds the largest that a prox declares.
    """
    for plugin in hooks.proximal:
        try:
            step = plan.optimizer.proximal_step()
        except InputError as error:
            raise InputError(
                f"{plugin.label} is in mode {plugin.mode.name!r}, which needs SGD: {error}"
            ) from None
        # Decay only lowers the learning rate: apart from a schedule, legal steps stay legal.
        plugin.require_legal_step(step * plan.largest_lr_factor())
