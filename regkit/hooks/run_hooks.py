"""The regularizers of one run: registered in a plugin manager of their own, called for each layer.

No penalty bypasses the hooks: pluggy calls `penalty_grad` on every trainable layer once per step,
and `penalty` once per record, and built-ins are called like any plugin.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pluggy

from regkit import hookspecs
from regkit.array_types import Array
from regkit.catalogue.contract import require_hooks
from regkit.catalogue.resolve import regularizer
from regkit.errors import InputError, PluginError, RegularizerError
from regkit.hooks.blame import blame, gradients_of_each, is_sane
from regkit.hooks.labels import labelled
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import LOSS, MODES, PROX
from regkit.hooks.results import fault_of_arrays, fault_of_penalty
from regkit.hooks.run_plugin import RunPlugin
from regkit.regularizers.selectors import require_matches


class RunHooks:
    """The regularizers of one run, and the calls that a training loop makes to them.

    Args:
        regularizers: regularizers, spec strings or raw plugin objects, in the user's order.
        layers: the trainable layers, in order.
        frozen: (layer, parameter) names of what is frozen, for the message about a selector.

    Attributes:
        plugins: the regularizers, labelled.
        proximal: those in mode `prox`.

    Raises:
        InputError: one object is listed twice, or a selector matches nothing trainable.
        PluginError: an object is not a plugin, or its hooks are invalid.
    """

    def __init__(
        self,
        regularizers: Iterable[object],
        layers: Sequence[LayerView],
        frozen: Iterable[tuple[str, str]] = (),
    ) -> None:
        plugins = [regularizer(one) if isinstance(one, str) else one for one in regularizers]
        _require_distinct(plugins)
        self.layers = list(layers)
        self.plugins: list[RunPlugin] = labelled(plugins)
        self.labels = [plugin.label for plugin in self.plugins]
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        # pluggy calls the last registered first; sums follow the user's order.
        for plugin in reversed(self.plugins):
            self._register(plugin)
        self._require_selected(list(frozen))
        self._require_exclusive()
        self.proximal = self.asked(PROX.hook)
        self._callers = {mode.hook: self._caller_of(mode.hook) for mode in MODES.values()}

    def asked(self, hook: str) -> list[RunPlugin]:
        """The regularizers whose implementation of a hook the loop calls."""
        if hook == "penalty":
            return self.plugins
        return [one for one in self.plugins if one.mode.hook == hook]

    def add_gradients(self) -> None:
        """Add every penalty's gradient to the layers' accumulators, in the user's order.

        Raises:
            RegularizerError: a hook failed, or returned an invalid gradient.
        """
        call = self._callers[LOSS.hook]
        for layer in self.layers:
            try:
                results = call(layer=layer)
            except (Exception, SystemExit) as error:
                raise self._blame(LOSS.hook, layer, error) from error
            for result in results:
                if fault_of_arrays(result, layer.params):
                    raise self._blame(LOSS.hook, layer)
                for name, array in result.items():
                    layer.grads[name][...] += array

    def gradients_one_by_one(
        self, *, within_reason: bool = False
    ) -> Iterator[tuple[RunPlugin, LayerView, dict[str, Array]]]:
        """Each gradient separately; see `regkit.hooks.blame.gradients_of_each`."""
        return gradients_of_each(
            self.asked(LOSS.hook), self.one_by_one, self.layers, within_reason=within_reason
        )

    def penalties(self) -> dict[str, dict[str, float]]:
        """Each regularizer's penalty on each layer that it applies to: {label: {layer: penalty}}.

        Raises:
            RegularizerError: a hook failed, or did not return a finite number.
        """
        values: dict[str, dict[str, float]] = {label: {} for label in self.labels}
        for layer in self.layers:
            try:
                results = self.manager.hook.penalty(layer=layer)
            except (Exception, SystemExit) as error:
                raise self._blame("penalty", layer, error) from error
            for plugin, value in self._attributed(results, layer):
                if fault_of_penalty(value) or (not math.isfinite(value) and is_sane(layer)):
                    raise self._blame("penalty", layer)
                values[plugin.label][layer.name] = float(value)
        return values

    def proximal_points(self, step: float) -> list[tuple[str, str, Array]]:
        """The proximal points of the regularizers in mode `prox`: (layer, parameter, point).

        Raises:
            RegularizerError: a hook failed, or returned an invalid point.
        """
        call = self._callers[PROX.hook]
        points: list[tuple[str, str, Array]] = []
        for layer in self.layers:
            try:
                results = call(layer=layer, step=step)
            except (Exception, SystemExit) as error:
                raise self._blame(PROX.hook, layer, error, step=step) from error
            for result in results:
                if fault_of_arrays(result, layer.params, finite=is_sane(layer)):
                    raise self._blame(PROX.hook, layer, step=step)
                points += [(layer.name, name, array) for name, array in result.items()]
        return points

    def one_by_one(
        self, hook: str, layer: LayerView, plugin: RunPlugin, **arguments: float
    ) -> object:
        """What one regularizer's hook returns for a layer, called through pluggy, or None."""
        others = [one.plugin for one in self.plugins if one is not plugin]
        caller = self.manager.subset_hook_caller(hook, others)
        return next(iter(caller(layer=layer, **arguments)), None)

    def _caller_of(self, hook: str) -> pluggy.HookCaller:
        """The caller of a hook for the plugins whose mode uses it."""
        others = [one.plugin for one in self.plugins if one.mode.hook != hook]
        return self.manager.subset_hook_caller(hook, others)

    def _blame(
        self,
        hook: str,
        layer: LayerView,
        error: BaseException | None = None,
        **arguments: float,
    ) -> RegularizerError:
        return blame(self.asked(hook), self.one_by_one, hook, layer, error, **arguments)

    def _attributed(
        self, results: Sequence[Any], layer: LayerView
    ) -> Sequence[tuple[RunPlugin, Any]]:
        """The plugin of each penalty: pluggy drops each None, and with it the order."""
        said = [(plugin, plugin.answers(layer)) for plugin in self.plugins]
        may_answer = [plugin for plugin, answers in said if answers is not False]
        sure = [plugin for plugin, answers in said if answers]
        for expected in (may_answer, sure):
            if len(expected) == len(results):
                return list(zip(expected, results, strict=True))
        found = [(one, self.one_by_one("penalty", layer, one)) for one in self.plugins]
        answered = [(one, value) for one, value in found if value is not None]
        for plugin, _ in answered:
            if plugin not in may_answer:
                raise PluginError(
                    f"regularizer {plugin.label!r}: answers is False for layer {layer.name}, but "
                    "penalty returned a number"
                )
        return answered

    def _register(self, plugin: RunPlugin) -> None:
        require_hooks(plugin.plugin, plugin.label)
        if not hasattr(plugin.plugin, plugin.mode.hook):
            raise PluginError(
                f"regularizer {plugin.label!r} declares mode {plugin.mode.name!r}, but defines no "
                f"{plugin.mode.hook}: in this mode it would do nothing"
            )
        try:
            self.manager.register(plugin.plugin, name=plugin.label)
        except Exception as error:
            raise PluginError(
                f"regularizer {plugin.label!r} cannot be registered: "
                f"{type(error).__name__}: {error}"
            ) from error

    def _require_selected(self, frozen: list[tuple[str, str]]) -> None:
        trainable = [(layer.name, name) for layer in self.layers for name in layer.params]
        for plugin in self.plugins:
            require_matches(plugin.selectors, trainable, frozen, owner=plugin.label)

    def _require_exclusive(self) -> None:
        """In a mode whose results do not add up, only one regularizer may act on a parameter."""
        acting: dict[tuple[str, str, str], RunPlugin] = {}
        for plugin in self.plugins:
            if not plugin.mode.exclusive:
                continue
            for layer in self.layers:
                selected = plugin.selected(layer)
                for name in layer.params if selected is None else selected:
                    first = acting.setdefault((plugin.mode.name, layer.name, name), plugin)
                    if first is not plugin:
                        raise InputError(
                            f"{first.label} and {plugin.label} are both in mode "
                            f"{plugin.mode.name!r} on {layer.name}.{name}, and proximal points do "
                            "not add up: use one penalty that combines them, such as elastic_net"
                        )


def _require_distinct(plugins: list[Any]) -> None:
    for index, plugin in enumerate(plugins):
        if any(plugin is other for other in plugins[:index]):
            raise InputError(f"{plugin} is listed twice: list each regularizer once")
