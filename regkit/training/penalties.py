"""From a model and regularizers to the hooks of one run."""

from __future__ import annotations

from collections.abc import Iterable

from regkit.array_types import Array
from regkit.errors import InputError, SelectorError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.modes import OUTPUTS, PROX
from regkit.hooks.requirements import require_array_step, require_single_step
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.kernels import Kernels
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.nn.passes import Passes
from regkit.training.plan import Plan


def run_hooks(
    model: Model,
    regularizers: Iterable[object],
    kernels: Kernels | None = None,
    *,
    epoch: int | None = None,
) -> RunHooks:
    """The model's own strengths and these regularizers, as the hooks of one run.

    Args:
        model: whose layers they see.
        regularizers: in the user's order.
        kernels: the run's.
        epoch: the epoch by which schedules go; without one their factor is 1.

    Raises:
        InputError: a selector matches nothing that is trainable.
        PluginError: a regularizer cannot be used.
    """
    kernels = kernels or Kernels()
    layers = model.parameter_layers
    from_layers = [one for layer in layers for one in layer.regularizers()]
    hooks = RunHooks(
        [*from_layers, *regularizers],
        [
            LayerView(layer.name, layer.params, Accumulation(layer.gradients, kernels))
            for layer in layers
            if layer.trainable
        ],
        [(layer.name, name) for layer in layers if not layer.trainable for name in layer.params],
        [LayerView(layer.name, layer.params) for layer in model.layers if not layer.trainable],
        [layer.name for layer in layers],
    )
    _require_trained_outputs(model, hooks)
    if epoch is not None:
        hooks.begin_epoch(epoch)
    return hooks


def _require_trained_outputs(model: Model, hooks: RunHooks) -> None:
    """A penalty of outputs that no trainable parameter changes would do nothing."""
    trainable = [layer.trainable for layer in model.layers]
    above = model.layers[trainable.index(True) :] if any(trainable) else []
    for plugin in hooks.registry.asked(OUTPUTS.gradient):
        selected = [plugin.selects(hooks.any_layers[layer.name]) for layer in above]
        # A plugin that does not say which it selects leaves it open.
        if all(one is False for one in selected):
            names = ", ".join(layer.name for layer in above) or "none"
            raise SelectorError(
                f"{plugin.label} selects the outputs of layers that no trainable parameter changes "
                f"(those that one does: {names})"
            )


def penalties_on(model: Model, hooks: RunHooks, inputs: Array) -> dict[str, dict[str, float]]:
    """Each penalty where it applies, those of outputs on these prepared inputs as one batch."""
    if not hooks.sees_outputs:
        return hooks.penalties()
    passes = Passes(model.layers, model.loss, model.dtype, output_gradients=hooks.output_gradients)
    passes.forward(inputs)
    return hooks.penalties(passes.layer_outputs)


def require_proximal_steps(hooks: RunHooks, plan: Plan) -> None:
    """Check that the regularizers in mode `prox` can take the optimizer's steps.

    Raises:
        InputError: each entry has its own step, and a proximal operator takes one for all; or the
            optimizer does not say what the steps are.
        FieldError: the learning rate exceeds the largest step that a prox declares.
    """
    optimizer = plan.optimizer
    for plugin in hooks.in_mode(PROX):
        if optimizer.adaptive:
            name = type(optimizer).__name__
            require_array_step(plugin, name)
            if type(optimizer).divisor is Optimizer.divisor:
                raise InputError(
                    f"{plugin.label} is in mode 'prox', but {name} does not say what it divides "
                    "its steps by: define divisor, or use SGD"
                )
            continue
        # Decay only lowers the learning rate: apart from schedules, legal steps stay legal.
        factor = plan.largest(plugin.factor_at)
        require_single_step(plugin, hooks.layers, optimizer.current_lr, factor)
