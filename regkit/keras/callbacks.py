"""Plugins that know NumPy's arrays alone, on arrays that JAX traces: called back at run time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np

from regkit.array_libraries import is_traced
from regkit.hooks.bridge import Bridged, is_native
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import LAYER, OUTPUTS
from regkit.hookspecs import hookimpl

Hook = Callable[..., Any]


class Called:
    """The hooks of a plugin as `Bridged` has them, but called back where arrays are traced."""

    def __init__(self, plugin: object) -> None:
        bridged = Bridged(plugin)
        makers = {
            LAYER.value: _value,
            LAYER.gradient: _gradient,
            OUTPUTS.value: _value_of_outputs,
            OUTPUTS.gradient: _gradient_by_outputs,
        }
        for name, make in makers.items():
            hook = getattr(bridged, name, None)
            if hook is not None:
                setattr(self, name, hook if is_native(plugin, name) else hookimpl(make(hook)))


def _value(hook: Hook) -> Hook:
    def penalty(layer: LayerView) -> Any:
        return _called(lambda params: hook(layer=_like(layer, params)), layer.params)

    return penalty


def _gradient(hook: Hook) -> Hook:
    def penalty_grad(layer: LayerView) -> Any:
        params = dict(layer.params)
        return _called(lambda own: hook(layer=_like(layer, own)), params, params)

    return penalty_grad


def _value_of_outputs(hook: Hook) -> Hook:
    def penalty_outputs(layer: LayerView, outputs: Any) -> Any:
        return _called(lambda own: hook(layer=layer, outputs=own["outputs"]), {"outputs": outputs})

    return penalty_outputs


def _gradient_by_outputs(hook: Hook) -> Hook:
    def penalty_outputs_grad(layer: LayerView, outputs: Any) -> Any:
        def ask(own: Mapping[str, Any]) -> Any:
            return {"outputs": hook(layer=layer, outputs=own["outputs"])}

        given = {"outputs": outputs}
        return _called(ask, given, given)["outputs"]

    return penalty_outputs_grad


def _called(
    ask: Callable[[Mapping[str, Any]], Any],
    given: Mapping[str, Any],
    like: Mapping[str, Any] | None = None,
) -> Any:
    """What a hook answers for arrays, now or when they are known.

    Args:
        ask: calls the hook.
        given: the arrays.
        like: the arrays that the answer is like, by name; None for a number.
    """
    if not any(map(is_traced, given.values())):
        return ask(given)

    def call_back(own: Mapping[str, Any]) -> Any:
        # Of NumPy, since JAX may wait for itself if it is asked to compute here.
        answer = ask({name: _wide(w) for name, w in own.items()})
        if like is None:
            return np.asarray(answer or 0.0, number.dtype)
        return {
            name: np.asarray((answer or {}).get(name, 0.0) + np.zeros(w.shape), w.dtype)
            for name, w in like.items()
        }

    number = jax.ShapeDtypeStruct((), jax.numpy.result_type(float))
    wanted = number
    if like is not None:
        wanted = {name: jax.ShapeDtypeStruct(w.shape, w.dtype) for name, w in like.items()}
    return jax.pure_callback(call_back, wanted, dict(given), vmap_method="sequential")


def _wide(w: Any) -> Any:
    """NumPy's array, of float32 where NumPy lacks the dtype."""
    own = np.asarray(w)
    return own if own.dtype.kind == "f" and own.itemsize > 2 else own.astype(np.float32)


def _like(layer: LayerView, params: Mapping[str, Any]) -> LayerView:
    return LayerView(layer.name, params, epoch=layer.epoch, also=layer.also)
