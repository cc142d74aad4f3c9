"""Plugins that know NumPy's arrays alone, on arrays of another library: over the CPU and back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from regkit.array_libraries import beside, in_numpy
from regkit.array_types import Array
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import SCOPES
from regkit.hookspecs import HOOKS, hookimpl
from regkit.regularizers import ActivityRegularizer, Configured, ModelRegularizer, Regularizer

Hook = Callable[..., Any]
Across = Callable[[str, Hook], Hook]

_POINTS = [scope.point for scope in SCOPES]


def is_native(plugin: object, hook: str) -> bool:
    """Whether a hook runs on arrays of any library: it is regkit's own, on an author's methods.

    A class says that of `value` and `grad` by `array_api`, and of `prox` by `array_api_prox`. Hooks
    that an author writes are written for NumPy.
    """
    bases = (Regularizer, ModelRegularizer, ActivityRegularizer)
    base = next((one for one in bases if isinstance(plugin, one)), None)
    if not isinstance(plugin, Configured) or base is None:
        return False
    by_points = hook in _POINTS or plugin.constraint
    declared = getattr(plugin, "array_api_prox" if by_points else "array_api", False)
    return bool(declared) and getattr(type(plugin), hook) is getattr(base, hook)


def numpy_view(layer: LayerView) -> LayerView:
    """The layer with NumPy's arrays: itself, or its parameters on the CPU, and no sums."""
    if all(isinstance(w, np.ndarray) for w in layer.params.values()):
        return layer
    params = {name: in_numpy(w) for name, w in layer.params.items()}
    return LayerView(layer.name, params, epoch=layer.epoch, also=layer.also)


def over_the_cpu(name: str, hook: Hook) -> Hook:
    """An author's hook over NumPy's arrays on the CPU and back, marked as pluggy's."""
    taken = set(inspect.signature(hook).parameters)

    def ask(**arguments: Any) -> Any:
        return hook(**{one: given for one, given in arguments.items() if one in taken})

    by_hook: dict[str, Hook] = {
        "penalty": lambda layer: ask(layer=numpy_view(layer)),
        "penalty_grad": lambda layer: _layer_back(layer, ask(layer=numpy_view(layer))),
        "penalty_prox": lambda layer, step: _layer_back(
            layer, ask(layer=numpy_view(layer), step=_numpy_tree(step))
        ),
        "penalty_model": lambda layers: ask(layers=[numpy_view(one) for one in layers]),
        "penalty_model_grad": lambda layers: _layers_back(
            layers, ask(layers=[numpy_view(one) for one in layers])
        ),
        "penalty_model_prox": lambda layers, steps: _layers_back(
            layers, ask(layers=[numpy_view(one) for one in layers], steps=_numpy_tree(steps))
        ),
        "penalty_outputs": lambda layer, outputs: ask(
            layer=numpy_view(layer), outputs=in_numpy(outputs)
        ),
        "penalty_outputs_grad": lambda layer, outputs: _back(
            outputs, ask(layer=numpy_view(layer), outputs=in_numpy(outputs))
        ),
    }
    return hookimpl(by_hook[name])


class Bridged:
    """The hooks of a plugin, each as it is where it is native, else over NumPy's arrays.

    Args:
        plugin: whose hooks they are.
        across: (name, hook): a hook over NumPy's arrays; by default on the CPU and back.
    """

    def __init__(self, plugin: object, across: Across = over_the_cpu) -> None:
        for name in HOOKS:
            hook = getattr(plugin, name, None)
            if hook is not None:
                own = hook if is_native(plugin, name) else across(name, hook)
                setattr(self, name, own)


def _numpy_tree(steps: Any) -> Any:
    if isinstance(steps, Mapping):
        return {name: _numpy_tree(one) for name, one in steps.items()}
    return in_numpy(steps) if hasattr(steps, "shape") else steps


def _layers_back(layers: Sequence[LayerView], answer: Any) -> Any:
    if not isinstance(answer, Mapping):
        return answer
    by_name = {layer.name: layer for layer in layers}
    return {
        name: _layer_back(by_name[name], arrays) if name in by_name else arrays
        for name, arrays in answer.items()
    }


def _layer_back(layer: LayerView, answer: Any) -> Any:
    if not isinstance(answer, Mapping):
        return answer
    params = layer.params
    return {
        name: _back(params[name], array) if name in params else array
        for name, array in answer.items()
    }


def _back(w: Array, answer: Any) -> Any:
    """An answer as an array of w's library; only a dtype that was not shown stays as it is."""
    if not isinstance(answer, np.ndarray):
        return answer
    shown = in_numpy(w).dtype
    return beside(w, answer, w.dtype if answer.dtype == shown else None)
