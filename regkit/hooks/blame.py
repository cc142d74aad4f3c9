"""Naming the plugin at fault: after a failed call, each implementation is called on its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import RegkitError, RegularizerError
from regkit.hooks.hook_call import LARGEST_SANE, HookCall, are_sane
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import CONSTRAINT, LAYER, MODEL
from regkit.hooks.run_plugin import RunPlugin

Ask = Callable[[HookCall, RunPlugin], Any]
"""`ask(call, plugin)`: what one plugin's hook returns, None if it does not answer."""


def blame(
    asked: Sequence[RunPlugin], ask: Ask, call: HookCall, error: BaseException | None = None
) -> RegularizerError:
    """The error that names the plugin that failed, of those that were called."""
    for plugin in asked:
        try:
            if call.hook == LAYER.gradient:
                _gradient(ask, call, plugin)
            else:
                answer = _answer(ask, call, plugin)
                finite = call.is_sane and not says_it_is_violated(plugin, answer)
                _require(answer, call, plugin, finite=finite)
        except RegularizerError as fault:
            return fault
    # The fault did not recur: it can only be narrowed down to the plugins that were called.
    what = problem_of(error) if error else "returned a wrong result"
    return RegularizerError(
        f"{what}, but not when called again,",
        plugin=" or ".join(plugin.label for plugin in asked),
        distribution=None,
        hook=call.hook,
        layer=call.scope,
    )


def says_it_is_violated(plugin: RunPlugin, answer: Any) -> bool:
    """Whether the answer is the infinite penalty of a constraint that does not hold: no fault."""
    return isinstance(answer, Real) and answer == math.inf and plugin.mode is CONSTRAINT


def problem_of(error: BaseException) -> str:
    """What a hook did that raised; regkit's own errors say it themselves."""
    own = isinstance(error, RegkitError)
    return str(error) if own else f"raised {type(error).__name__}: {error}"


def gradients_of_each(
    asked: Sequence[RunPlugin],
    ask: Ask,
    layers: Sequence[LayerView],
    *,
    within_reason: bool = False,
) -> Iterator[tuple[RunPlugin, LayerView, Mapping[str, Array]]]:
    """Each regularizer's gradient on each layer separately; nothing is added to the run's sums.

    With `within_reason`, entries of parameters that exceed twice `LARGEST_SANE`, or are NaN, are
    clipped to that; the yielded layers show the clipped values.

    Raises:
        RegularizerError: a gradient is not finite though its layer's parameters are sane.
    """
    shown = [_cut_back(layer) if within_reason else layer for layer in layers]
    for layer in shown:
        for plugin in asked:
            if plugin.has(LAYER.gradient):
                yield plugin, layer, _gradient(ask, HookCall(LAYER.gradient, [layer]), plugin)
    of_model = HookCall(MODEL.gradient, shown)
    by_name = {layer.name: layer for layer in shown}
    for plugin in asked:
        if plugin.has(MODEL.gradient):
            result = _answer(ask, of_model, plugin)
            _require(result, of_model, plugin, finite=of_model.is_sane)
            for name, arrays in (result or {}).items():
                yield plugin, by_name[name], arrays


def _gradient(ask: Ask, call: HookCall, plugin: RunPlugin) -> dict[str, Array]:
    """What a regularizer's `penalty_grad` returns, plus what it adds in place."""
    [layer] = call.layers
    # With separate sums, so that calling again adds nothing to the run's.
    apart = layer if layer.accumulation is None else layer.apart()
    result = _answer(ask, call.on([apart]), plugin)
    _require(result, call, plugin, finite=False)
    total = {}
    if apart.accumulation is not None:
        apart.accumulation.kernels.settle()
        total = dict(apart.accumulation.sums)
    for name, array in (result or {}).items():
        total[name] = total[name] + array if name in total else array
    _require(total, call, plugin, finite=call.is_sane)
    return total


def _answer(ask: Ask, call: HookCall, plugin: RunPlugin) -> Any:
    try:
        return ask(call, plugin)
    except (Exception, SystemExit) as error:
        refused = isinstance(error, RegkitError)
        raise _error(problem_of(error), call, plugin, refused=refused) from error


def _require(result: Any, call: HookCall, plugin: RunPlugin, *, finite: bool) -> None:
    fault = None if result is None else call.fault(result, finite=finite)
    if fault is not None:
        raise _error(fault, call, plugin, result, finite=finite)


def _error(
    problem: str,
    call: HookCall,
    plugin: RunPlugin,
    result: Any = None,
    *,
    finite: bool = False,
    refused: bool = False,
) -> RegularizerError:
    """The error, with its parameter if only one is possible."""
    possible: Sequence[str] = ()
    if call.layer is not None and "outputs" not in call.more:
        params = call.layer.params
        given = result if isinstance(result, Mapping) else {}
        wrong = [
            name
            for name in params
            if name in given and call.fault({name: given[name]}, finite=finite)
        ]
        possible = wrong or plugin.selected(call.layer) or ()
    return RegularizerError(
        problem,
        plugin=plugin.label,
        distribution=plugin.distribution,
        hook=call.hook,
        layer=call.scope,
        parameter=possible[0] if len(possible) == 1 else None,
        refused=refused,
    )


def _cut_back(layer: LayerView) -> LayerView:
    if are_sane([layer]):
        return layer
    # Not to LARGEST_SANE itself, so that the layer still fails `is_sane`.
    limit = 2 * LARGEST_SANE
    return layer.apart(
        {
            name: np.nan_to_num(np.clip(w, -limit, limit), nan=limit)
            for name, w in layer.params.items()
        }
    )
