"""The regularizers of one run: registered in a plugin manager of their own, called for each layer.

Nothing goes round the hooks: every trainable layer meets `penalty_grad` once a step and `penalty`
once a record, through pluggy, and built-ins are called like anybody's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import pluggy
from numpy.typing import NDArray

from regkit import hookspecs
from regkit.errors import InputError, PluginError
from regkit.plugins.blame import blame, is_sane
from regkit.plugins.hooks import require_hooks
from regkit.plugins.identity import Identity, identify
from regkit.plugins.resolve import regularizer
from regkit.plugins.results import fault_of_arrays, fault_of_penalty
from regkit.regularizers import Regularizer
from regkit.regularizers.selectors import require_matches, selects

Array = NDArray[Any]


class RunLayer(Protocol):
    """A trainable layer as a run's hooks see it: parameters read-only, running sums writable."""

    name: str
    params: Mapping[str, Array]
    grads: Mapping[str, Array]


class RunHooks:
    """The regularizers of one run, and the calls that the training loop makes to them.

    Args:
        regularizers: regularizers, spec strings or raw plugin objects, in the user's order.
        layers: the trainable layers, in order.
        frozen: (layer, parameter) names of what is frozen, for the message about a selector.

    Raises:
        InputError: one object is listed twice, or a selector matches nothing trainable.
        PluginError: an object is not a plugin, or its hooks are not what they must be.
    """

    def __init__(
        self,
        regularizers: Iterable[object],
        layers: Sequence[RunLayer],
        frozen: Iterable[tuple[str, str]] = (),
    ) -> None:
        plugins = [regularizer(one) if isinstance(one, str) else one for one in regularizers]
        _require_distinct(plugins)
        self.layers = list(layers)
        self.identities: list[Identity] = identify(plugins)
        self.labels = [identity.label for identity in self.identities]
        self._require_selected(list(frozen))
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        # pluggy calls what was registered last first; sums go in the user's order.
        for identity in reversed(self.identities):
            self._register(identity)
        self.proximal = self.asked("penalty_prox")
        self._require_one_prox_each()
        in_loss = self.asked("penalty_grad")
        self._penalty_grad = self.manager.subset_hook_caller(
            "penalty_grad", [one.plugin for one in self.proximal]
        )
        self._penalty_prox = self.manager.subset_hook_caller(
            "penalty_prox", [one.plugin for one in in_loss]
        )

    def asked(self, hook: str) -> list[Identity]:
        """The regularizers whose implementation of a hook the loop calls."""
        if hook == "penalty":
            return self.identities
        in_prox = hook == "penalty_prox"
        return [one for one in self.identities if (one.mode == "prox") == in_prox]

    def add_gradients(self) -> None:
        """Add every penalty's gradient to the layers' running sums, in the user's order.

        Raises:
            RegularizerError: a hook failed, or returned what is not a gradient.
        """
        for layer in self.layers:
            try:
                results = self._penalty_grad(layer=layer)
            except (Exception, SystemExit) as error:
                raise blame(self, "penalty_grad", layer, error) from error
            for result in results:
                if fault_of_arrays(result, layer.params):
                    raise blame(self, "penalty_grad", layer)
                for name, array in result.items():
                    layer.grads[name][...] += array

    def penalties(self) -> dict[str, dict[str, float]]:
        """Each regularizer's penalty on each layer that it applies to: {label: {layer: penalty}}.

        Raises:
            RegularizerError: a hook failed, or returned what is no number, or none that is finite.
        """
        values: dict[str, dict[str, float]] = {label: {} for label in self.labels}
        for layer in self.layers:
            try:
                results = self.manager.hook.penalty(layer=layer)
            except (Exception, SystemExit) as error:
                raise blame(self, "penalty", layer, error) from error
            for identity, value in self._attributed(results, layer):
                if fault_of_penalty(value) or (not math.isfinite(value) and is_sane(layer)):
                    raise blame(self, "penalty", layer)
                values[identity.label][layer.name] = float(value)
        return values

    def proximal_points(self, step: float) -> list[tuple[str, str, Array]]:
        """The proximal points of the regularizers in mode `prox`: (layer, parameter, point).

        Raises:
            RegularizerError: a hook failed, or returned what is not a point.
        """
        points: list[tuple[str, str, Array]] = []
        for layer in self.layers if self.proximal else ():
            try:
                results = self._penalty_prox(layer=layer, step=step)
            except (Exception, SystemExit) as error:
                raise blame(self, "penalty_prox", layer, error, step=step) from error
            for result in results:
                if fault_of_arrays(result, layer.params, finite=is_sane(layer)):
                    raise blame(self, "penalty_prox", layer, step=step)
                points += [(layer.name, name, array) for name, array in result.items()]
        return points

    def one_by_one(
        self, hook: str, layer: RunLayer, identity: Identity, **arguments: float
    ) -> object:
        """What one regularizer's hook returns for a layer, through pluggy; None if it does not."""
        others = [one.plugin for one in self.identities if one is not identity]
        caller = self.manager.subset_hook_caller(hook, others)
        return next(iter(caller(layer=layer, **arguments)), None)

    def _attributed(
        self, results: Sequence[Any], layer: RunLayer
    ) -> Sequence[tuple[Identity, Any]]:
        """Which penalty is whose: pluggy drops each None, and with it the order."""
        sure, unsure = [], []
        for identity in self.identities:
            if getattr(type(identity.plugin), "penalty", None) is not Regularizer.penalty:
                unsure.append(identity)
            elif identity.plugin.selected(layer):
                sure.append(identity)
        may_answer = [one for one in self.identities if one in sure or one in unsure]
        for answered in (may_answer, sure):
            if len(answered) == len(results):
                return list(zip(answered, results, strict=True))
        answers = ((one, self.one_by_one("penalty", layer, one)) for one in may_answer)
        return [(one, value) for one, value in answers if value is not None]

    def _register(self, identity: Identity) -> None:
        require_hooks(identity.plugin, identity.label)
        try:
            self.manager.register(identity.plugin, name=identity.label)
        except Exception as error:
            raise PluginError(
                f"regularizer {identity.label!r} cannot be registered: "
                f"{type(error).__name__}: {error}"
            ) from error

    def _require_selected(self, frozen: list[tuple[str, str]]) -> None:
        trainable = [(layer.name, name) for layer in self.layers for name in layer.params]
        for identity in self.identities:
            if isinstance(identity.plugin, Regularizer):
                require_matches(identity.plugin.selectors, trainable, frozen, owner=identity.label)

    def _require_one_prox_each(self) -> None:
        for layer in self.layers:
            for name in layer.params:
                owners = [
                    one.label
                    for one in self.proximal
                    if not isinstance(one.plugin, Regularizer)
                    or selects(one.plugin.selectors, layer.name, name)
                ]
                if len(owners) > 1:
                    raise InputError(
                        f"{owners[0]} and {owners[1]} are both in mode 'prox' on "
                        f"{layer.name}.{name}, and proximal points do not add up: "
                        "use one penalty that combines them, such as elastic_net"
                    )


def _require_distinct(plugins: list[Any]) -> None:
    for index, plugin in enumerate(plugins):
        if any(plugin is other for other in plugins[:index]):
            raise InputError(f"{plugin} is listed twice: a regularizer counts once in a run")
