"""What the regularizers of a run must meet together with its layers, before the first step."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError, RegkitError, SelectorError
from regkit.hooks.blame import problem_of
from regkit.hooks.hook_call import HookCall
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import LAYER, MODEL, OUTPUTS, Scope
from regkit.hooks.run_plugin import RunPlugin
from regkit.regularizers import Configured, ModelRegularizer, Regularizer
from regkit.regularizers.selectors import require_matches

_TRIED_STEP = 1e-8

Pairs = Sequence[tuple[str, str]]


def require_usable(
    plugins: Sequence[RunPlugin],
    layers: Sequence[LayerView],
    frozen: Pairs,
    any_layers: Sequence[LayerView],
) -> None:
    """Check modes, selectors, shapes, and the promises of classes that write hooks of their own.

    Raises:
        InputError: a selector matches nothing, two penalties set one parameter, or an array has
            not the shape that a penalty is defined for.
        PluginError: a plugin cannot serve its mode, or ignores its selection or its strength.
    """
    for plugin in plugins:
        _require_mode(plugin)
        _require_matches(plugin, layers, frozen, any_layers)
        _require_shapes(plugin, layers)
        _require_silence(plugin, layers)
        _require_factor(plugin, layers)
        _require_fitting_model(plugin, layers)
    _require_one_point(plugins, layers)


def _require_mode(plugin: RunPlugin) -> None:
    mode = plugin.mode
    for scope in plugin.scopes:
        hook = mode.hook(scope)
        if hook is None:
            raise plugin.fault(f"a penalty of outputs cannot act in mode {mode.name!r}: use 'loss'")
        if not plugin.has(hook):
            raise plugin.fault(
                f"declares mode {mode.name!r}, but defines no {hook}: in this mode it would do "
                "nothing"
            )


def _require_matches(
    plugin: RunPlugin,
    layers: Sequence[LayerView],
    frozen: Pairs,
    any_layers: Sequence[LayerView],
) -> None:
    if plugin.scopes != [OUTPUTS]:
        trainable = [(layer.name, name) for layer in layers for name in layer.params]
        require_matches(plugin.selectors, trainable, frozen, owner=plugin.label)
        return
    names = ", ".join(layer.name for layer in any_layers)
    if isinstance(plugin.plugin, Configured):
        for selector in plugin.selectors:
            alone = dataclasses.replace(plugin.plugin, on=selector)
            if not any(RunPlugin(alone, "", None).selects(layer) for layer in any_layers):
                raise SelectorError(
                    f"{plugin.label}: selector {selector!r} matches no layer (there are: {names})"
                )


def _require_shapes(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    shapes = plugin.shapes
    for layer in layers:
        for name in plugin.selected(layer) or ():
            shape = layer.params[name].shape
            if plugin.only_shape not in (None, shape):
                raise InputError(
                    f"{plugin.label} applies to an array of shape {plugin.only_shape}, as in its "
                    f"file, and {layer.name}.{name} has {shape}: select one parameter of that "
                    "shape with on, or @ in a spec"
                )
            if len(shape) == 2 and not _fits(shapes, *shape):
                raise InputError(
                    f"{plugin.label} is defined for {shapes} matrices, and {layer.name}."
                    f"{name} is {shape[0]} × {shape[1]}: select others with on, or @ in a spec"
                )


def _fits(shapes: str, rows: int, columns: int) -> bool:
    if shapes == "square":
        return rows == columns
    return (shapes != "wide" or columns >= rows) and (shapes != "tall" or rows >= columns)


def _require_silence(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    """A class that overrides hooks must answer None where nothing is selected."""
    own = _own_hooks(plugin)
    for layer in layers if own else ():
        for hook, _ in own if not plugin.selected(layer) else ():
            if _tried(plugin, HookCall(hook, [layer.apart()])) is not None:
                raise plugin.fault(
                    f"{hook} answers for {layer.name}, of which nothing is selected: return None "
                    "where self.selected(layer) is empty"
                )


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


def _own_hooks(plugin: RunPlugin) -> list[tuple[str, Scope]]:
    """The penalty and gradient hooks by parameters that a class overrides, with their scope."""
    return [
        (hook, scope)
        for base, scope in ((Regularizer, LAYER), (ModelRegularizer, MODEL))
        for hook in (scope.value, scope.gradient)
        if isinstance(plugin.plugin, base)
        and getattr(type(plugin.plugin), hook) is not getattr(base, hook)
    ]


def _require_fitting_model(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    """A penalty of the model may refuse these layers, such as shapes that do not chain."""
    if isinstance(plugin.plugin, ModelRegularizer):
        _tried(plugin, HookCall(MODEL.value, layers))
        if plugin.mode.acts_by == "point":
            _tried(plugin, HookCall(str(MODEL.point), layers, {"steps": _TRIED_STEP}))


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


def _require_one_point(plugins: Sequence[RunPlugin], layers: Sequence[LayerView]) -> None:
    """Proximal points and projections do not add up: one of them may set a parameter."""
    acting: dict[tuple[str, str], RunPlugin] = {}
    for plugin in plugins:
        if plugin.mode.acts_by != "point":
            continue
        for layer in layers:
            selected = plugin.selected(layer)
            for name in layer.params if selected is None else selected:
                first = acting.setdefault((layer.name, name), plugin)
                if first is not plugin:
                    raise InputError(
                        f"{first.label} and {plugin.label} both act by a proximal point or a "
                        f"projection on {layer.name}.{name}, and these do not add up: use one "
                        "penalty that combines them, such as elastic_net"
                    )


def require_neighbours(
    plugins: Sequence[RunPlugin], layers: Sequence[LayerView], order: Sequence[str]
) -> None:
    """Check that penalties of neighbouring layers select some, with none left out between.

    Raises:
        InputError: a layer between two that are selected is not selected, or frozen.
    """
    for plugin in plugins:
        if not plugin.consecutive:
            continue
        selected = [layer.name for layer in layers if plugin.selected(layer)]
        between = list(order[order.index(selected[0]) : order.index(selected[-1])]) if order else []
        left_out = [name for name in between if name not in selected]
        if left_out:
            raise InputError(
                f"{plugin.label} is a penalty of layers that follow each other, but of "
                f"{selected[0]} to {selected[-1]} it leaves out {', '.join(left_out)} (not "
                "selected, or frozen): select layers without a gap"
            )
