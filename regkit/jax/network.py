"""What the hooks of penalties answer about a tree of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from regkit.errors import InputError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.bridge import is_native
from regkit.hooks.callback_bridge import called_back
from regkit.hooks.hook_call import MODEL_SCOPE, HookCall
from regkit.hooks.listed_layers import in_listed_order
from regkit.hooks.modes import LAYER, MODEL, OUTPUTS, Mode
from regkit.hooks.run_plugin import RunPlugin
from regkit.hooks.stacked import require_separable
from regkit.hookspecs import HOOKS
from regkit.jax.layers import ByLeaf, Layers
from regkit.jax.places import Place

OWNER = "a tree of parameters"

Factor = Callable[[RunPlugin], Any]
"""What multiplies a penalty's answers outside of its hooks; None where nothing does."""


class Network:
    """The layers of a tree, and the penalties of them.

    Hooks are called through pluggy on each, while JAX traces what they compute.

    Args:
        tree: of parameters, traced or not: its shapes alone matter.
        plugins: the penalties, without what is traced in them.

    Raises:
        InputError: the tree holds no parameters, a selector matches none, or a penalty is one of
            outputs, which a tree does not show.
        PluginError: a plugin's hooks are invalid.
    """

    def __init__(self, tree: Any, plugins: Sequence[Any]) -> None:
        self._layers = Layers(tree)
        for plugin in plugins:
            _require_parameters(plugin)
        # Drawn where hooks are tried on them; else there is one number, which takes no memory.
        shown = self._layers.stand_ins(tree, drawn=not all(map(_is_native, plugins)))
        ordered = in_listed_order(shown, plugins, OWNER)
        self._layers.put_in_order([layer.name for layer in ordered])
        self.hooks = RunHooks(plugins, ordered, bridge=called_back)
        for plugin in self.hooks.plugins:
            _require_one_meaning(plugin, ordered)
            for layer in ordered:
                for name in plugin.selected(layer) or ():
                    require_separable(plugin, self._layers.place(layer.name, name))

    @property
    def numbers(self) -> list[int]:
        """Which leaves of the tree are parameters."""
        return self._layers.numbers

    def scopes(self, found: Mapping[str, Any]) -> list[str]:
        """The names of layers, and `model`, for which there is something, in their order."""
        return [one for one in (*self._layers, MODEL_SCOPE) if one in found]

    def penalties(self, arrays: ByLeaf, epoch: Any) -> dict[str, dict[str, Any]]:
        """Each penalty where it applies, {label: {layer or `model`: penalty}}.

        Raises:
            RegularizerError: a hook failed.
        """
        views = self._layers.views(arrays, epoch)
        found: dict[str, dict[str, Any]] = {}
        for plugin in self.hooks.plugins:
            of_plugin = found.setdefault(plugin.label, {})
            for call in _calls(LAYER.value, MODEL.value, views):
                value = self._answer(plugin, call)
                if value is not None:
                    of_plugin[call.scope] = of_plugin.get(call.scope, 0) + value
        return found

    def gradients(self, mode: Mode, arrays: ByLeaf, epoch: Any, factor: Factor) -> dict[int, Any]:
        """The sum of the gradients of all penalties in a mode.

        Raises:
            RegularizerError: a hook failed.
        """
        total: dict[int, Any] = {}
        for plugin, _, number, gradient in self.each_gradient(mode, arrays, epoch):
            by = factor(plugin)
            own = gradient if by is None else by * gradient
            total[number] = total[number] + own if number in total else own
        return total

    def each_gradient(
        self, mode: Mode, arrays: ByLeaf, epoch: Any
    ) -> Iterator[tuple[RunPlugin, str, int, Any]]:
        """The gradients one by one: penalty, scope, number of the leaf, gradient.

        Raises:
            RegularizerError: a hook failed.
        """
        views = self._layers.views(arrays, epoch)
        for plugin in self.hooks.in_mode(mode):
            for call in _calls(LAYER.gradient, MODEL.gradient, views):
                for place, gradient in self._by_place(self._answer(plugin, call), call):
                    own = place.layout.put(gradient, arrays[place.number])
                    yield plugin, call.scope, place.number, own

    def points(
        self, mode: Mode, arrays: ByLeaf, steps: Any, epoch: Any, factor: Factor
    ) -> dict[int, Any]:
        """The proximal points, or the projections, of the penalties in a mode.

        Args:
            mode: `prox` or `constraint`.
            arrays: the parameters.
            steps: the step of all parameters, or arrays by leaf.
            epoch: by which schedules go.
            factor: on the steps.

        Raises:
            RegularizerError: a hook failed.
        """
        views = self._layers.views(arrays, epoch)
        if isinstance(steps, Mapping):
            steps = {view.name: dict(view.params) for view in self._layers.views(steps, epoch)}
        found: dict[int, Any] = {}
        for plugin in self.hooks.in_mode(mode):
            by = factor(plugin)
            scaled = steps
            if by is not None:
                # Where the factor is 0 nothing is moved, and no step may be 0.
                above = jnp.where(by == 0, 1.0, by)
                scaled = jax.tree.map(lambda step, above=above: above * step, steps)
            for call in _point_calls(views, scaled):
                for place, point in self._by_place(self._answer(plugin, call), call):
                    array = arrays[place.number]
                    own = place.layout.put(point, array)
                    found[place.number] = own if by is None else jnp.where(by == 0, array, own)
        return found

    def _answer(self, plugin: RunPlugin, call: HookCall) -> Any:
        if not plugin.has(call.hook):
            return None
        answer = self.hooks.registry.alone(call, plugin)
        if answer is not None and call.fault(answer):
            raise self.hooks.registry.blamed(call)
        return answer

    def _by_place(self, answer: Any, call: HookCall) -> Iterator[tuple[Place, Any]]:
        by_layer = {call.scope: answer or {}} if call.layer is not None else answer or {}
        for layer, arrays in by_layer.items():
            for name, array in arrays.items():
                yield self._layers.place(layer, name), array


def _is_native(plugin: object) -> bool:
    return all(is_native(plugin, hook) for hook in HOOKS if getattr(plugin, hook, None) is not None)


def _calls(of_layer: str, of_model: str, views: Sequence[LayerView]) -> Iterator[HookCall]:
    for view in views:
        yield HookCall(of_layer, [view])
    yield HookCall(of_model, views)


def _point_calls(views: Sequence[LayerView], steps: Any) -> Iterator[HookCall]:
    for view in views:
        step = steps[view.name] if isinstance(steps, Mapping) else steps
        yield HookCall(str(LAYER.point), [view], {"step": step})
    yield HookCall(str(MODEL.point), views, {"steps": steps})


def _require_one_meaning(plugin: RunPlugin, layers: Sequence[LayerView]) -> None:
    names = {layer.name for layer in layers}
    for layer in layers:
        for one in layer.params:
            both = {one, *(name for _, name in layer.also.get(one, ()))} & names
            for selector in both & set(plugin.selectors):
                raise InputError(
                    f"{plugin.label}: {selector!r} is a layer, and a parameter of others: write "
                    f"'{selector}.*' for the layer, or '*.{selector}' for the parameters"
                )


def _require_parameters(plugin: object) -> None:
    if getattr(plugin, OUTPUTS.value, None) is not None:
        raise InputError(
            f"{plugin} is a penalty of a layer's outputs, and {OWNER} does not show them: "
            "where the model computes them, add strength · value(outputs) / rows to the loss"
        )
