"""The regularizers of one run: registered in a plugin manager of their own, called through it.

No penalty bypasses the hooks: pluggy calls each hook on every trainable layer, or once for the
whole model, where it is due, and built-ins are called like any plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from regkit.array_types import Array, Arrays, ModelArrays
from regkit.errors import InputError
from regkit.hooks.attribution import attributed
from regkit.hooks.blame import gradients_of_each, says_it_is_violated
from regkit.hooks.given import configured
from regkit.hooks.hook_call import HookCall
from regkit.hooks.labels import labelled
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import CONSTRAINT, DECOUPLED, LAYER, LOSS, MODEL, OUTPUTS, PROX, Mode
from regkit.hooks.registry import Registry
from regkit.hooks.requirements import require_neighbours, require_usable
from regkit.hooks.run_plugin import RunPlugin

NO_OUTPUTS: Mapping[str, Array] = {}


class RunHooks:
    """The regularizers of one run, and the calls that a training loop makes to them.

    Args:
        regularizers: regularizers, spec strings or raw plugin objects, in the user's order.
        layers: the trainable layers, in order.
        frozen: (layer, parameter) names of what is frozen, for the message about a selector.
        others: the layers of any kind that are not trainable, for penalties of outputs.
        order: the names of all layers with parameters, in the network's order; by default those of
            `layers`.
        bridge: what makes a plugin serve the arrays of another library, if the layers hold those;
            see `regkit.hooks.bridge.Bridged`.
        frozen_are: why those in `frozen` are not trained, for that message.

    Attributes:
        plugins: the regularizers, labelled.

    Raises:
        InputError: one object is listed twice, or a selector matches nothing trainable.
        PluginError: an object is not a plugin, or its hooks are invalid.
    """

    def __init__(
        self,
        regularizers: Iterable[object],
        layers: Sequence[LayerView],
        frozen: Iterable[tuple[str, str]] = (),
        others: Sequence[LayerView] = (),
        order: Sequence[str] = (),
        *,
        bridge: Callable[[object], object] | None = None,
        frozen_are: str = "frozen",
    ) -> None:
        plugins = configured(regularizers)
        _require_distinct(plugins)
        self.layers = list(layers)
        self.any_layers = {layer.name: layer for layer in (*layers, *others)}
        self.plugins: list[RunPlugin] = labelled(plugins)
        if bridge is not None:
            self.plugins = [replace(one, bridge=bridge(one.plugin)) for one in self.plugins]
        self.labels = [plugin.label for plugin in self.plugins]
        self.registry = Registry(self.plugins)
        require_usable(
            self.plugins, self.layers, list(frozen), list(self.any_layers.values()), frozen_are
        )
        require_neighbours(self.plugins, self.layers, order)
        self.sees_outputs = any(one.has(OUTPUTS.value) for one in self.plugins)

    def in_mode(self, *modes: Mode) -> list[RunPlugin]:
        """The regularizers of these modes."""
        return [plugin for plugin in self.plugins if plugin.mode in modes]

    def show(self, layers: Sequence[LayerView]) -> None:
        """Let the hooks see these layers from now on, as where parameters moved or were added."""
        self.layers = list(layers)
        self.any_layers |= {layer.name: layer for layer in layers}

    def begin_epoch(self, epoch: int) -> None:
        """Show the layers at an epoch, by which schedules go."""
        for layer in self.any_layers.values():
            layer.epoch = epoch

    def factors(self, epoch: int) -> dict[str, float]:
        """The factors at an epoch of the regularizers that have a schedule, by label."""
        return {one.label: one.factor_at(epoch) for one in self.plugins if one.has_schedule}

    def add_gradients(self, mode: Mode = LOSS, layers: Sequence[LayerView] | None = None) -> None:
        """Add every penalty's gradient to the layers' sums, in the user's order.

        Args:
            mode: of the penalties that are asked.
            layers: the views whose sums are added to; the run's own by default.

        Raises:
            RegularizerError: a hook failed, or returned an invalid gradient.
        """
        layers = self.layers if layers is None else layers
        ask = self.registry.caller(LAYER.gradient, mode)
        for layer in layers:
            try:
                results = ask(layer=layer)
            except (Exception, SystemExit) as error:
                raise self.registry.blamed(
                    HookCall(LAYER.gradient, [layer]), error, mode
                ) from error
            for result in results:
                call = HookCall(LAYER.gradient, [layer])
                if call.fault(result):
                    raise self.registry.blamed(call, None, mode)
                _add(result, layer)
        if not self.registry.asked(MODEL.gradient, mode):
            return
        call = HookCall(MODEL.gradient, layers)
        by_name = {layer.name: layer for layer in layers}
        for result in self.registry.answers(call, mode):
            for name, arrays in result.items():
                _add(arrays, by_name[name])

    def gradients_one_by_one(
        self, *modes: Mode, within_reason: bool = False
    ) -> Iterator[tuple[RunPlugin, LayerView, Arrays]]:
        """Each gradient by parameters separately; see `regkit.hooks.blame.gradients_of_each`.

        Args:
            modes: of the penalties that are asked; by default those that act by their gradients.
            within_reason: as there.
        """
        return gradients_of_each(
            self.in_mode(*(modes or (LOSS, DECOUPLED))),
            self.registry.one_by_one,
            self.layers,
            within_reason=within_reason,
        )

    def output_gradients(self, layer: str, outputs: Array) -> list[Array]:
        """The gradients of the penalties of a layer's outputs, by the outputs.

        Raises:
            RegularizerError: a hook failed, or returned an invalid gradient.
        """
        call = self._on_outputs(OUTPUTS.gradient, layer, outputs)
        # What is not finite must be found here: it spreads to the gradients of all layers below.
        return self.registry.answers(call, LOSS, finite=True)

    def output_gradient_of(self, plugin: RunPlugin, layer: str, outputs: Array) -> Array | None:
        """The gradient of one regularizer by a layer's outputs, or None."""
        found: Array | None = self.registry.one_by_one(
            self._on_outputs(OUTPUTS.gradient, layer, outputs), plugin
        )
        return found

    def penalties(self, outputs: Mapping[str, Array] = NO_OUTPUTS) -> dict[str, dict[str, float]]:
        """Each regularizer's penalty where it applies: {label: {layer or `model`: penalty}}.

        Args:
            outputs: those of all layers in the last batch, by name, for penalties of outputs.

        Raises:
            RegularizerError: a hook failed, or did not return a finite number; that of a constraint
                is ∞ where it does not hold.
        """
        values: dict[str, dict[str, float]] = {label: {} for label in self.labels}
        calls = [HookCall(LAYER.value, [layer]) for layer in self.layers]
        if self.registry.asked(MODEL.value):
            calls.append(HookCall(MODEL.value, self.layers))
        if self.sees_outputs:
            calls += [self._on_outputs(OUTPUTS.value, name, one) for name, one in outputs.items()]
        for call in calls:
            for plugin, value in attributed(
                call, self.plugins, self.registry.called, self.registry.alone
            ):
                finite = call.is_sane and not says_it_is_violated(plugin, value)
                if call.fault(value, finite=finite):
                    raise self.registry.blamed(call)
                # A plugin may have a penalty both of a layer's parameters and of its outputs.
                of_plugin = values[plugin.label]
                of_plugin[call.scope] = of_plugin.get(call.scope, 0.0) + float(value)
        return values

    def points(self, steps: float | ModelArrays) -> list[tuple[str, str, Array]]:
        """The proximal points and projections: (layer, parameter, point).

        Args:
            steps: the step of all parameters, or of each entry, {layer: {parameter: array}}.

        Raises:
            RegularizerError: a hook failed, or returned an invalid point.
        """
        return self._points(steps, PROX, CONSTRAINT)

    def projections(self) -> list[tuple[str, str, Array]]:
        """The projections alone, in the form of `points`."""
        return self._points(1.0, CONSTRAINT)

    def _points(self, steps: float | ModelArrays, *modes: Mode) -> list[tuple[str, str, Array]]:
        found: list[tuple[str, str, Array]] = []
        if self.registry.asked(LAYER.point, *modes):
            for layer in self.layers:
                step = steps[layer.name] if isinstance(steps, Mapping) else steps
                call = HookCall(str(LAYER.point), [layer], {"step": step})
                for result in self.registry.answers(call, *modes, finite=True):
                    found += [(layer.name, name, point) for name, point in result.items()]
        if self.registry.asked(MODEL.point, *modes):
            call = HookCall(str(MODEL.point), self.layers, {"steps": steps})
            for result in self.registry.answers(call, *modes, finite=True):
                for layer_name, points in result.items():
                    found += [(layer_name, name, point) for name, point in points.items()]
        return found

    def _on_outputs(self, hook: str, layer: str, outputs: Array) -> HookCall:
        return HookCall(hook, [self.any_layers[layer]], {"outputs": outputs})


def _add(gradient: Arrays, layer: LayerView) -> None:
    assert layer.accumulation is not None
    for name, array in gradient.items():
        total = layer.accumulation.sums[name]
        total += array


def _require_distinct(plugins: list[Any]) -> None:
    for index, plugin in enumerate(plugins):
        if any(plugin is other for other in plugins[:index]):
            raise InputError(f"{plugin} is listed twice: list each regularizer once")
