"""Trial calls before the first step: what classes that write hooks of their own must keep to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import RegkitError
from regkit.hooks.blame import problem_of
from regkit.hooks.bridge import numpy_view
from regkit.hooks.hook_call import HookCall
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import LAYER, MODEL, Scope
from regkit.hooks.run_plugin import RunPlugin
from regkit.regularizers import Configured, ModelRegularizer, Regularizer

_TRIED_STEP = 1e-8


def require_sound_hooks(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    """Check that hooks keep to the selection and multiply by `strength_for`, and that models fit.

    Raises:
        PluginError: a hook answers for what is not selected, takes no schedule though one is given,
            or refuses the layers.
    """
    by_layer = isinstance(plugin.plugin, Configured) and MODEL not in plugin.scopes
    if by_layer and not _own_hooks(plugin, points=True):
        return
    layers = [numpy_view(layer) for layer in layers]
    _require_silence(plugin, layers)
    _require_factor(plugin, layers)
    _require_fitting_model(plugin, layers)


def _require_silence(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    """A class that overrides hooks must answer None where nothing is selected, and no more."""
    for hook, scope in _own_hooks(plugin, points=plugin.mode.acts_by == "point"):
        for layer in layers:
            selected = plugin.selected(layer) or ()
            if selected and scope is MODEL:
                continue  # It may need the other layers, too.
            answer = _tried(plugin, _apart(hook, scope, layer))
            if answer is not None and not selected:
                raise plugin.fault(
                    f"{hook} answers for {layer.name}, of which nothing is selected: return None "
                    "where self.selected(layer) is empty"
                )
            others = set(answer) - set(selected) if isinstance(answer, Mapping) else ()
            if others:
                raise plugin.fault(
                    f"{hook} answers for {layer.name}.{min(others)}, which is not selected: answer "
                    "for self.selected(layer) alone"
                )


def _apart(hook: str, scope: Scope, layer: LayerView) -> HookCall:
    """A call for one layer, which leaves what it adds up and its parameters alone."""
    if hook != scope.point:
        return HookCall(hook, [layer.apart()])
    copies = LayerView(layer.name, {name: w.copy() for name, w in layer.params.items()})
    return HookCall(hook, [copies], {"step" if scope is LAYER else "steps": _TRIED_STEP})


def _require_factor(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    """Hooks of one's own must multiply by `strength_for`, or take no schedule and no scale."""
    penalty: Any = plugin.plugin
    if not isinstance(penalty, Configured):
        if plugin.has_schedule and not callable(getattr(penalty, "strength_for", None)):
            raise plugin.fault("has a schedule, but no strength_for that its hooks multiply by")
        return
    if penalty.constraint or (penalty.schedule is None and penalty.scale == "none"):
        return
    given = "schedule" if penalty.schedule is not None else "scale"
    halved = dataclasses.replace(penalty, strength=1.0, schedule="step:0:0.5")
    probe = RunPlugin(halved, plugin.label, plugin.distribution)
    for hook, scope in _own_hooks(plugin):
        if not _halves(probe, hook, scope, layers):
            raise plugin.fault(
                f"takes no {given}: its {hook} multiplies by self.strength instead of "
                "self.strength_for"
            )


def _require_fitting_model(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    """A penalty of the model may refuse these layers, such as shapes that do not chain."""
    if isinstance(plugin.plugin, ModelRegularizer):
        _tried(plugin, HookCall(MODEL.value, layers))
        if plugin.mode.acts_by == "point":
            _tried(plugin, HookCall(str(MODEL.point), layers, {"steps": _TRIED_STEP}))


def _own_hooks(plugin: RunPlugin, *, points: bool = False) -> list[tuple[str, Scope]]:
    """The hooks by parameters that a class overrides, and their scope; those of points if asked."""
    return [
        (hook, scope)
        for base, scope in ((Regularizer, LAYER), (ModelRegularizer, MODEL))
        for hook in (scope.value, scope.gradient, *([scope.point] if points else ()))
        if isinstance(plugin.plugin, base)
        and hook is not None
        and getattr(type(plugin.plugin), hook) is not getattr(base, hook)
    ]


def _halves(probe: RunPlugin, hook: str, scope: Scope, layers: Sequence[LayerView]) -> bool:
    """Whether a factor of ½ halves what a hook answers at the present parameters."""
    # At parameters that are all 0, as biases are at the start, nothing could be told.
    shown = {
        layer.name: {n: w if w.any() else np.full_like(w, 0.01) for n, w in layer.params.items()}
        for layer in layers
    }
    views = [
        [LayerView(name, params, epoch=epoch) for name, params in shown.items()]
        for epoch in (None, 0)
    ]
    calls = [[[view] for view in one] if scope is LAYER else [one] for one in views]
    for given in zip(*calls, strict=True):
        whole, half = (_numbers(_tried(probe, HookCall(hook, one))) for one in given)
        if not np.allclose(2 * half, whole, rtol=1e-3, atol=0, equal_nan=True):
            return False
    return True


def _numbers(answer: Any) -> Array:
    """All numbers of a hook's answer, flat."""
    if isinstance(answer, Mapping):
        return np.concatenate([np.empty(0), *map(_numbers, answer.values())])
    return np.empty(0) if answer is None else np.ravel(answer)


def _tried(plugin: RunPlugin, call: HookCall) -> Any:
    """What a hook answers in a trial call."""
    try:
        with np.errstate(all="ignore"):
            return getattr(plugin.plugin, call.hook)(*call.arguments.values())
    except (Exception, SystemExit) as error:
        problem = problem_of(error)
        said = (
            f"refuses {call.place}: {problem}"
            if isinstance(error, RegkitError)
            else f"{problem} at {call.place}"
        )
        raise plugin.fault(f"{call.hook} {said}") from error
