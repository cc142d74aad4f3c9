"""What a model, its optimizer and penalties must meet together, before the first step."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn, optim

from regkit.errors import InputError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.bridge import is_native
from regkit.hooks.modes import CONSTRAINT, DECOUPLED, MODEL, OUTPUTS, PROX
from regkit.hooks.requirements import require_array_step, require_single_step
from regkit.hooks.run_plugin import RunPlugin
from regkit.hooks.stacked import require_separable
from regkit.torch.metrics import METRICS, metric_of
from regkit.torch.network import Network
from regkit.torch.places import Place
from regkit.warn import warn

SPARSE = (nn.Embedding, nn.EmbeddingBag)


def require_supported(optimizer: optim.Optimizer) -> None:
    """Refuse optimizers whose step a hook before it cannot add a gradient to.

    Raises:
        InputError: it is one of them.
    """
    if not isinstance(optimizer, optim.Optimizer):
        raise InputError(
            f"optimizer must be one of torch.optim, got {type(optimizer).__name__}: "
            "regularize(model, optimizer, regularizers)"
        )
    if isinstance(optimizer, optim.LBFGS):
        raise InputError(
            "LBFGS searches along a line by the loss that its closure returns, which knows nothing "
            "of a gradient added to it: use SGD, Adam, AdamW, RMSprop or Adagrad"
        )
    if isinstance(optimizer, optim.SparseAdam):
        raise InputError(
            "SparseAdam takes sparse gradients only, and a penalty's is dense: use Adam"
        )


def require_fitting(network: Network, hooks: RunHooks, optimizer: optim.Optimizer) -> None:
    """Check devices, gradients, modes and layers of every penalty.

    Raises:
        InputError: selected parameters lie on several devices, a gradient would be sparse, the
            optimizer's metric is unknown or takes other steps than a prox, or a penalty does not
            fit what it selects.
        FieldError: the learning rate exceeds the largest step that a prox declares.
    """
    for plugin in hooks.plugins:
        chosen = [
            network.layers[layer.name][name]
            for layer in hooks.layers
            for name in _selected(plugin, layer)
        ]
        _require_one_device(plugin, chosen)
        for place in chosen:
            _require_dense(plugin, place)
            _require_settable(plugin, place)
            require_separable(plugin, place)
        if plugin.mode is PROX:
            _require_metric(plugin, hooks.layers, optimizer)
        _tell_of_bridge(plugin)


def _selected(plugin: RunPlugin, layer: LayerView) -> Sequence[str]:
    """What it applies to; all of a layer where it does not say."""
    if plugin.scopes == [OUTPUTS]:
        return ()
    selected = plugin.selected(layer)
    return list(layer.params) if selected is None else selected


def _require_one_device(plugin: RunPlugin, places: Sequence[Place]) -> None:
    first: dict[torch.device, Place] = {}
    for place in places:
        first.setdefault(place.leaves[0].device, place)
    if len(first) > 1:
        where = ", ".join(f"{place.path} on {device}" for device, place in first.items())
        raise InputError(
            f"{plugin.label} applies to parameters on several devices ({where}): move the model "
            "to one, or give each part a penalty of its own"
        )


def _require_dense(plugin: RunPlugin, place: Place) -> None:
    if isinstance(place.module, SPARSE) and place.module.sparse:
        raise InputError(
            f"{plugin.label} applies to {place.path}, whose gradients are sparse: make the "
            "embedding with sparse=False, or exclude it"
        )


def require_dense_gradient(place: Place, plugins: Sequence[RunPlugin]) -> None:
    """Refuse a sparse gradient of a parameter that one of the penalties applies to.

    Raises:
        InputError: it is one.
    """
    if not any(leaf.grad is not None and leaf.grad.is_sparse for leaf in place.leaves):
        return
    view = LayerView(place.layer, {place.name: place.seen()}, also={place.name: place.also})
    for plugin in plugins:
        if _selected(plugin, view):
            raise InputError(
                f"{plugin.label} applies to {place.path}, whose gradient is sparse, and a "
                "penalty's has all entries: make the module with sparse=False, or exclude it"
            )


def _require_settable(plugin: RunPlugin, place: Place) -> None:
    """What is computed from other parameters can be moved by a gradient only."""
    if place.computed and plugin.mode in (PROX, CONSTRAINT, DECOUPLED):
        raise InputError(
            f"{plugin.label} is in mode {plugin.mode.name!r}, but {place.path} is computed by a "
            "parametrization and cannot be set: remove the parametrization, or use a penalty in "
            "mode 'loss'"
        )


def _require_metric(
    plugin: RunPlugin, layers: Sequence[LayerView], optimizer: optim.Optimizer
) -> None:
    name, metric = type(optimizer).__name__, metric_of(optimizer)
    if metric is None:
        known = ", ".join(kind.__name__ for kind, _ in METRICS)
        raise InputError(
            f"{plugin.label} is in mode 'prox', but what {name} divides its steps by is not known "
            f"(it is for {known}): use one of these, or mode 'loss' or 'decoupled'"
        )
    rates = {float(group["lr"]) for group in optimizer.param_groups}
    if metric.adaptive:
        require_array_step(plugin, name)
        return
    if len(rates) > 1 and MODEL in plugin.scopes:
        require_array_step(plugin, f"{name} with several learning rates")
    require_single_step(plugin, layers, max(rates))


def _tell_of_bridge(plugin: RunPlugin) -> None:
    hooks = [plugin.mode.hook(scope) for scope in plugin.scopes]
    hooks += [scope.value for scope in plugin.scopes]
    if not all(is_native(plugin.plugin, hook) for hook in hooks if hook is not None):
        missing = "array_api_prox" if plugin.mode.acts_by == "point" else "array_api"
        warn(
            f"{plugin.label} computes with NumPy's arrays: parameters go to the CPU and back in "
            f"every step; a class that declares {missing} runs on tensors where they are"
        )
