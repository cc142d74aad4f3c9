"""Plugins that know NumPy's arrays alone, on what JAX traces: by a callback to the host.

JAX must know the form of an answer before the call. It is found out by a call on other numbers of
the same shapes, on which a hook must answer in the same form.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from regkit.array_libraries import is_traced
from regkit.array_types import Array
from regkit.errors import RegkitError
from regkit.hooks.bridge import Bridged, Hook, over_the_cpu
from regkit.hooks.layer_view import LayerView
from regkit.hooks.results import fault_of_array
from regkit.hookspecs import hookimpl

TINY = 1e-8
"""The steps of the first call, and the size of no number in it."""


def called_back(plugin: object) -> Bridged:
    """The hooks of a plugin, each as it is where it is native, else as a callback."""
    return Bridged(plugin, _called_back)


def stand_in(shape: Sequence[int], dtype: Any) -> Array:
    """Numbers of NumPy in the place of those that are not known; float32 where NumPy lacks it."""
    kind = dtype if str(dtype) in ("float32", "float64") else "float32"
    return np.random.default_rng(0).standard_normal(tuple(shape)).astype(kind) / 10


def _called_back(name: str, hook: Hook) -> Hook:
    """An author's hook as a callback where something is traced, marked as pluggy's."""
    taken = set(inspect.signature(hook).parameters)
    at_once = over_the_cpu(name, hook)

    def ask(shown: Mapping[str, Any]) -> Any:
        return hook(**{one: value for one, value in shown.items() if one in taken})

    def one(layer: LayerView, **more: Any) -> Any:
        return answered({"layer": layer, **more}, more.get("outputs", layer.params))

    def several(layers: Sequence[LayerView], **more: Any) -> Any:
        return answered({"layers": layers, **more}, {one.name: one.params for one in layers})

    def answered(arguments: Mapping[str, Any], like: Any) -> Any:
        known = not any(map(is_traced, _leaves(arguments)))
        return at_once(**arguments) if known else _call(ask, arguments, like)

    by_hook: dict[str, Hook] = {
        "penalty": lambda layer: one(layer),
        "penalty_grad": lambda layer: one(layer),
        "penalty_prox": lambda layer, step: one(layer, step=step),
        "penalty_model": lambda layers: several(layers),
        "penalty_model_grad": lambda layers: several(layers),
        "penalty_model_prox": lambda layers, steps: several(layers, steps=steps),
        "penalty_outputs": lambda layer, outputs: one(layer, outputs=outputs),
        "penalty_outputs_grad": lambda layer, outputs: one(layer, outputs=outputs),
    }
    return hookimpl(by_hook[name])


def _call(ask: Callable[[Mapping[str, Any]], Any], arguments: Mapping[str, Any], like: Any) -> Any:
    """A hook's answer, by a callback.

    Args:
        ask: calls it with NumPy's arrays.
        arguments: what it is given.
        like: the arrays that an answer is like, a tree.
    """
    import jax

    given = {name: _arrays_of(value) for name, value in arguments.items()}
    tried = _plain(ask(_shown(arguments, jax.tree.map(_stand_in, given))))
    if tried is None or not _has_form(tried):
        return tried  # What is wrong with it is told as of any answer.
    _require_like(tried, like)
    form = _form(tried, like)

    def host(known: Any) -> Any:
        answer = _plain(ask(_shown(arguments, jax.tree.map(_in_numpy, known))))
        if jax.tree.structure(answer) != jax.tree.structure(tried):
            raise RegkitError(
                "a hook answers for other parameters than it does on other numbers, which cannot "
                "be traced"
            )
        return jax.tree.map(lambda a, of: np.asarray(a).astype(of.dtype), answer, form)

    return jax.pure_callback(host, form, given, vmap_method="sequential")


def _leaves(arguments: Mapping[str, Any]) -> list[Any]:
    import jax

    leaves: list[Any] = jax.tree.leaves(_arrays_of(arguments))
    return leaves


def _arrays_of(value: Any) -> Any:
    """What of an argument is to be told to the host: arrays, and an epoch that is traced."""
    if isinstance(value, LayerView):
        epoch = {"epoch": value.epoch} if is_traced(value.epoch) else {}
        return {"params": dict(value.params), **epoch}
    if isinstance(value, Mapping):
        return {name: _arrays_of(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_arrays_of(one) for one in value]
    return value


def _shown(arguments: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with NumPy's arrays in them."""
    shown = dict(known)
    if "layer" in shown:
        shown["layer"] = _view(arguments["layer"], known["layer"])
    if "layers" in shown:
        pairs = zip(arguments["layers"], known["layers"], strict=True)
        shown["layers"] = [_view(*pair) for pair in pairs]
    return shown


def _view(layer: LayerView, known: Mapping[str, Any]) -> LayerView:
    epoch = int(known["epoch"]) if "epoch" in known else layer.epoch
    return LayerView(layer.name, known["params"], epoch=epoch, also=layer.also)


def _stand_in(array: Any) -> Any:
    """Of an array; steps and epochs, which are numbers, are small."""
    if getattr(array, "ndim", 0):
        return stand_in(array.shape, array.dtype)
    return 0 if np.issubdtype(getattr(array, "dtype", float), np.integer) else TINY


def _in_numpy(array: Any) -> Any:
    known = np.asarray(array)
    if not known.ndim:
        return known.item()
    return known if known.dtype.name in ("float32", "float64") else known.astype(np.float32)


def _plain(answer: Any) -> Any:
    """Mappings as dictionaries, which JAX knows as trees."""
    if isinstance(answer, Mapping):
        return {name: _plain(one) for name, one in answer.items()}
    return answer


def _has_form(answer: Any) -> bool:
    if isinstance(answer, dict):
        return all(map(_has_form, answer.values()))
    is_number = isinstance(answer, Real) and not isinstance(answer, bool)
    return is_number or isinstance(answer, np.ndarray)


def _require_like(answer: Any, like: Any, name: str = "the outputs") -> None:
    """Check arrays by what NumPy's would have to be, before JAX takes or refuses them.

    Raises:
        RegkitError: one has another shape or dtype.
    """
    if isinstance(answer, dict):
        for own, array in answer.items():
            _require_like(array, like.get(own) if isinstance(like, Mapping) else None, own)
    elif isinstance(answer, np.ndarray) and hasattr(like, "dtype"):
        fault = fault_of_array(answer, stand_in(like.shape, like.dtype), name)
        if fault:
            raise RegkitError(fault)


def _form(answer: Any, like: Any) -> Any:
    """The shapes and dtypes of an answer; only a dtype that was not shown stays as it is."""
    import jax

    if isinstance(answer, dict):
        known = like if isinstance(like, Mapping) else {}
        return {name: _form(one, known.get(name)) for name, one in answer.items()}
    if not isinstance(answer, np.ndarray):
        return jax.ShapeDtypeStruct((), jax.dtypes.canonicalize_dtype(float))
    shown = None if like is None else stand_in((), like.dtype).dtype
    dtype = like.dtype if answer.dtype == shown else answer.dtype
    return jax.ShapeDtypeStruct(answer.shape, dtype)
