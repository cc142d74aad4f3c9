"""Naming the plugin at fault: after a failed call, each implementation is called on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import RegularizerError
from regkit.hooks.layer_view import LayerView
from regkit.hooks.results import fault_of_arrays, fault_of_penalty
from regkit.hooks.run_plugin import RunPlugin

Ask = Callable[..., object]
"""`ask(hook, layer, plugin, **arguments)`: what one plugin's hook returns, None if it does not."""

LARGEST_SANE = 1e8
"""If no parameter exceeds this, a result that is not finite is the plugin's fault."""


def is_sane(layer: LayerView) -> bool:
    """Whether no parameter of the layer exceeds what penalties must handle."""
    return all(np.max(np.abs(w), initial=0) <= LARGEST_SANE for w in layer.params.values())


def blame(
    asked: Sequence[RunPlugin],
    ask: Ask,
    hook: str,
    layer: LayerView,
    error: BaseException | None = None,
    **arguments: float,
) -> RegularizerError:
    """The error that names the plugin that failed, of those that were called."""
    for plugin in asked:
        try:
            if hook == "penalty":
                _require_penalty(ask, layer, plugin)
            else:
                _arrays(ask, hook, layer, plugin, **arguments)
        except RegularizerError as fault:
            return fault
    # The fault did not recur: it can only be narrowed down to the plugins that were called.
    what = f"raised {type(error).__name__}: {error}" if error else "returned a wrong result"
    return RegularizerError(
        f"{what}, but not when called again,",
        plugin=" or ".join(plugin.label for plugin in asked),
        distribution=None,
        hook=hook,
        layer=layer.name,
    )


def gradients_of_each(
    asked: Sequence[RunPlugin],
    ask: Ask,
    layers: Sequence[LayerView],
    *,
    within_reason: bool = False,
) -> Iterator[tuple[RunPlugin, LayerView, dict[str, Array]]]:
    """Each regularizer's gradient on each layer separately; the accumulators are unchanged.

    With `within_reason`, entries of parameters that exceed twice `LARGEST_SANE`, or are NaN, are
    clipped to that; the yielded layers show the clipped values.

    Raises:
        RegularizerError: a gradient is not finite though its layer's parameters are sane.
    """
    for layer in layers:
        shown = _cut_back(layer) if within_reason and not is_sane(layer) else layer
        for plugin in asked:
            yield plugin, shown, _arrays(ask, "penalty_grad", shown, plugin)


def _require_penalty(ask: Ask, layer: LayerView, plugin: RunPlugin) -> None:
    value = _answer(ask, "penalty", layer, plugin)
    fault = None if value is None else fault_of_penalty(value, finite=is_sane(layer))
    if fault:
        raise _error(fault, "penalty", layer, plugin)


def _arrays(
    ask: Ask, hook: str, layer: LayerView, plugin: RunPlugin, **arguments: float
) -> dict[str, Array]:
    """What a regularizer's `penalty_grad` or `penalty_prox` returns or accumulates."""
    # With separate accumulators, so that calling again adds nothing to the run's.
    apart = layer.apart()
    result: Any = _answer(ask, hook, apart, plugin, **arguments)
    _require_arrays(result if result is not None else {}, hook, layer, plugin, finite=False)
    total = dict(apart.grads)
    for name, array in (result or {}).items():
        total[name] = total[name] + array
    _require_arrays(total, hook, layer, plugin, finite=is_sane(layer))
    return total


def _answer(ask: Ask, hook: str, layer: LayerView, plugin: RunPlugin, **arguments: float) -> object:
    try:
        return ask(hook, layer, plugin, **arguments)
    except (Exception, SystemExit) as error:
        problem = f"raised {type(error).__name__}: {error}"
        raise _error(problem, hook, layer, plugin) from error


def _require_arrays(
    result: Any, hook: str, layer: LayerView, plugin: RunPlugin, *, finite: bool
) -> None:
    fault = fault_of_arrays(result, layer.params, finite=finite)
    if fault is None:
        return
    wrong = [
        name
        for name in layer.params
        if isinstance(result, Mapping)
        and name in result
        and fault_of_arrays({name: result[name]}, layer.params, finite=finite)
    ]
    raise _error(fault, hook, layer, plugin, parameters=wrong)


def _error(
    problem: str,
    hook: str,
    layer: LayerView,
    plugin: RunPlugin,
    *,
    parameters: Sequence[str] = (),
) -> RegularizerError:
    """The error, with its parameter if only one is possible."""
    possible = parameters or plugin.selected(layer) or ()
    return RegularizerError(
        problem,
        plugin=plugin.label,
        distribution=plugin.distribution,
        hook=hook,
        layer=layer.name,
        parameter=possible[0] if len(possible) == 1 else None,
    )


def _cut_back(layer: LayerView) -> LayerView:
    # Not to LARGEST_SANE itself, so that the layer still fails `is_sane`.
    limit = 2 * LARGEST_SANE
    return layer.apart(
        {
            name: np.nan_to_num(np.clip(w, -limit, limit), nan=limit)
            for name, w in layer.params.items()
        }
    )
