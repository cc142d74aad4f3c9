"""One line in a training script of PyTorch: penalties join an optimizer's steps."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn, optim

from regkit.arguments import boolean
from regkit.errors import InputError
from regkit.hooks import RunHooks
from regkit.hooks.bridge import Bridged
from regkit.hooks.given import as_regularizers, configured
from regkit.regularizers import ActivityRegularizer
from regkit.torch.exclusions import Exclusions
from regkit.torch.handle import Handle
from regkit.torch.network import NOT_TRAINED, Network
from regkit.torch.requirements import require_fitting, require_supported


def regularize(
    model: nn.Module,
    optimizer: optim.Optimizer,
    regularizers: Iterable[object],
    *,
    exclude: str | Iterable[str] = (),
    gradients: bool = True,
) -> Handle:
    """Join penalties to the steps of an optimizer; nothing else in a training script changes.

    In each `optimizer.step()` the gradients of penalties in mode `loss` are added to `.grad`
    before, once for all micro-batches, and after it come decoupled penalties, proximal points in
    the optimizer's own metric, and projections. Plugins see each parameter as `weights`
    (inputs, neurons) and `biases` (1, neurons) of a layer that is called as the module's path, such
    as `encoder.0`; selectors may also use PyTorch's own names, such as `encoder.0.weight`. A
    projection that attention or a recurrent module stacks is a layer of its own, such as
    `attention.in_proj` or `lstm.hh_l0`, with its blocks side by side.

    Proximal points are taken under SGD, Adam, AdamW, RMSprop and Adagrad; other modes work with
    every optimizer but LBFGS and SparseAdam. Penalties whose class declares `array_api` run on the
    tensors' own device; others go over the CPU, with a warning. A GradScaler, gradient
    accumulation, `torch.compile` and data parallelism need no further care.

    Args:
        model: whose parameters they apply to, wrapped or not.
        optimizer: that trains these parameters. Its copies have no penalties.
        regularizers: regularizers, spec strings or raw plugin objects.
        exclude: `"norm"` for the parameters of modules whose class name holds Norm, `"bias"` for
            biases, and selectors of what else to leave alone.
        gradients: whether to add gradients. Without, `handle.penalty()` is differentiable, and
            whoever wants the penalties in mode `loss` adds it to the loss.

    Raises:
        InputError: an argument cannot be used, a selector matches nothing, the optimizer cannot
            serve a penalty, or a penalty does not fit what it selects.
        PluginError: a regularizer cannot be used.

    Source: the proximal points are those of Yun, Lozano & Yang (2021), *Adaptive proximal gradient
    methods for structured neural networks*.
    """
    if not isinstance(model, nn.Module):
        raise InputError(
            f"model must be a torch.nn.Module, got {type(model).__name__}: "
            "regularize(model, optimizer, regularizers)"
        )
    require_supported(optimizer)
    boolean("gradients", gradients)
    plugins = configured(as_regularizers(regularizers))
    network = Network(model, optimizer, Exclusions(exclude), plugins)
    named = [
        selector
        for one in plugins
        if isinstance(one, ActivityRegularizer)
        for selector in one.selectors
    ]
    hooks = RunHooks(
        plugins,
        network.views(epoch=0),
        network.not_trained,
        network.others(0, named),
        bridge=Bridged,
        frozen_are=NOT_TRAINED,
    )
    require_fitting(network, hooks, optimizer)
    return Handle(model, optimizer, network, hooks, gradients=gradients)
