"""What the regularizers of a run must meet together with its layers, before the first step."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.errors import InputError, SelectorError
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import CONSTRAINT, LAYER, MODEL, OUTPUTS
from regkit.hooks.run_plugin import RunPlugin
from regkit.hooks.trial_calls import require_sound_hooks
from regkit.regularizers import Configured
from regkit.regularizers.selectors import listed, require_matches, selects_layer

Pairs = Sequence[tuple[str, str]]


def require_usable(
    plugins: Sequence[RunPlugin],
    layers: Sequence[LayerView],
    frozen: Pairs,
    any_layers: Sequence[LayerView],
    frozen_are: str = "frozen",
) -> None:
    """Check modes, selectors, shapes, and the promises of classes that write hooks of their own.

    Raises:
        InputError: a selector matches nothing, two penalties set one parameter, or an array has
            not the shape that a penalty is defined for.
        PluginError: a plugin cannot serve its mode, or ignores its selection or its strength.
    """
    for plugin in plugins:
        _require_mode(plugin)
        _require_matches(plugin, layers, frozen, any_layers, frozen_are)
        _require_shapes(plugin, layers)
        require_sound_hooks(plugin, layers)
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
    frozen_are: str,
) -> None:
    if plugin.scopes != [OUTPUTS]:
        trainable = [
            [(layer.name, name), *layer.also.get(name, ())]
            for layer in layers
            for name in layer.params
        ]
        require_matches(
            plugin.selectors, trainable, frozen, owner=plugin.label, frozen_are=frozen_are
        )
        return
    names = listed([layer.name for layer in any_layers])
    if isinstance(plugin.plugin, Configured):
        for selector in plugin.selectors:
            if not any(selects_layer((selector,), layer.name) for layer in any_layers):
                raise SelectorError(
                    f"{plugin.label}: selector {selector!r} matches no layer (there are: {names})"
                )


def _require_shapes(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    shapes = plugin.shapes
    for layer in layers:
        for name in plugin.selected(layer) or ():
            shape = tuple(layer.params[name].shape)
            if plugin.only_shape not in (None, shape):
                turned = plugin.only_shape == shape[::-1]
                raise InputError(
                    f"{plugin.label} applies to an array of shape {plugin.only_shape}, as in its "
                    f"file, and {layer.name}.{name} has {shape}: "
                    + (
                        "transpose the array in the file, since regkit's are (inputs, neurons)"
                        if turned
                        else "select one parameter of that shape with on, or @ in a spec"
                    )
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
                    constrained = CONSTRAINT in (first.mode, plugin.mode)
                    advice = (
                        "leave one out, or use mode 'loss' for a penalty"
                        if constrained
                        else "use one penalty that combines them, such as elastic_net"
                    )
                    raise InputError(
                        f"{first.label} and {plugin.label} both act by a proximal point or a "
                        f"projection on {layer.name}.{name}, and these do not add up: {advice}"
                    )


def require_array_step(plugin: RunPlugin, optimizer: str) -> None:
    """Check that a proximal operator takes a step for each entry, as an adaptive optimizer has.

    Raises:
        InputError: it takes one step for all.
    """
    if not plugin.array_step:
        raise InputError(
            f"{plugin.label} is in mode 'prox', but {optimizer} gives each entry its own step, "
            f"and {plugin.no_array_step}: use SGD, or mode 'loss' or 'decoupled'"
        )


def require_single_step(
    plugin: RunPlugin, layers: Sequence[LayerView], step: float, factor: float = 1.0
) -> None:
    """Check a step for all entries against the largest that a proximal operator declares.

    Args:
        plugin: in mode `prox`.
        layers: that it may act on.
        step: the learning rate.
        factor: the largest factor on step and strength during the training.

    Raises:
        FieldError: it is larger.
    """
    if LAYER in plugin.scopes:
        for layer in layers:
            plugin.require_legal_step(step, layer, factor)
    if MODEL in plugin.scopes:
        plugin.require_legal_step(step, layers, factor)


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
