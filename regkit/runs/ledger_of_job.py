"""Measuring what each penalty weighs: its value and its gradient beside the data loss's."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from regkit.array_types import Array, Arrays, ModelArrays
from regkit.errors import InputError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.modes import DECOUPLED, LOSS, MODEL, OUTPUTS, PROX
from regkit.hooks.run_plugin import RunPlugin
from regkit.kernels.chunks import total
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.nn.passes import Passes
from regkit.runs.job import Job
from regkit.runs.ledger import Entry, Ledger
from regkit.runs.stationarity import Stationarity
from regkit.training.penalties import run_hooks
from regkit.training.sample_weights import mean_one

OF_MODEL = "model"
"""The scope of a penalty of all layers at once, as in records."""

DOMINATES = 0.5
"""A penalty's gradient cancels where it is at least this share of what it is divided by."""


def ledger_of(made: Job, epochs: int) -> Ledger:
    """The ledger of a job whose model was trained for so many epochs.

    Parameters and optimizer are unchanged; penalties have the strengths of the last epoch.

    Raises:
        RegularizerError: a hook failed.
    """
    epoch = max(epochs - 1, 0)
    objective = made.objective(epoch)
    distances = Stationarity(made).distances(epoch)
    hooks = run_hooks(made.model, made.regularizers, epoch=epoch)
    sums = _gradient_sums(made, hooks, objective.layers)
    return Ledger(
        epochs=epochs,
        optimizer=type(made.optimizer).__name__,
        score_name=objective.score.name,
        score=objective.score.value,
        data_loss=objective.data_loss,
        entries=tuple(
            sums[plugin.label, scope].entry(plugin, scope, value)
            for plugin in hooks.plugins
            for scope, value in objective.layers[plugin.label].items()
        ),
        distances={
            f"{layer}.{name}": distance if math.isfinite(distance) else None
            for (layer, name), distance in distances.items()
        },
    )


@dataclass
class _Sums:
    """What is known so far of a penalty's gradient p, and of the data loss's g beside it."""

    penalty: float = 0.0
    data: float = 0.0
    divided: bool = False
    acting: int = 0
    cancelled: int = 0

    def add(self, p: Array, g: Array) -> None:
        """Take an array of each."""
        self.penalty += total(np.ascontiguousarray(p), power=2)
        self.data += total(np.ascontiguousarray(g), power=2)

    def divide(self, p: Array, divisor: Array) -> None:
        """Count where the penalty divides its own gradient."""
        self.divided = True
        size = np.abs(p)
        self.acting += int(np.count_nonzero(size))
        self.cancelled += int(np.count_nonzero((size > 0) & (size >= DOMINATES * divisor)))

    def entry(self, plugin: RunPlugin, scope: str, value: float) -> Entry:
        """The line of the ledger."""
        return Entry(
            label=plugin.label,
            mode=plugin.mode.name,
            scope=scope,
            value=value,
            gradient=math.sqrt(self.penalty),
            data_gradient=math.sqrt(self.data),
            cancelled=self.cancelled / self.acting if self.divided and self.acting else None,
        )


def _gradient_sums(
    made: Job, hooks: RunHooks, scopes: Mapping[str, Iterable[str]]
) -> defaultdict[tuple[str, str], _Sums]:
    """The sums of each penalty, by its label and scope.

    Args:
        made: the job.
        hooks: of its regularizers, at the epoch.
        scopes: where each penalty applies, by its label.
    """
    model = made.model
    sums: defaultdict[tuple[str, str], _Sums] = defaultdict(_Sums)
    inputs = model.as_inputs(made.data.training[0])
    targets = model.as_targets(made.data.training[1], len(inputs))
    weights = mean_one(made.data.sample_weight, len(inputs), model.dtype)
    # With a function that adds nothing the outputs of all layers are kept.
    passes = Passes(model.layers, model.loss, model.dtype, output_gradients=lambda *_: ())
    passes.measure(inputs, targets)
    passes.backward(targets, weights)
    data = _by_place(model, hooks, model.gradients.copy())
    divisors = _divisors(model, hooks, made.optimizer)
    for plugin, layer, arrays in hooks.gradients_one_by_one(LOSS, DECOUPLED, PROX):
        scope = OF_MODEL if plugin.has(MODEL.gradient) else layer.name
        for name in _moved(plugin, layer, arrays):
            p, g = arrays[name], data[layer.name][name]
            counted = layer.params[name] != 0 if plugin.mode is PROX else np.ones(p.shape, bool)
            sums[plugin.label, scope].add(p[counted], g[counted])
            if plugin.mode is LOSS and divisors is not None:
                sums[plugin.label, scope].divide(p, divisors[layer.name][name])
    for plugin in hooks.registry.asked(OUTPUTS.gradient):
        for scope in scopes[plugin.label]:
            model.gradients[...] = 0

            def of_this_one(
                layer: str, outputs: Array, one: RunPlugin = plugin, only: str = scope
            ) -> list[Array]:
                found = hooks.output_gradient_of(one, layer, outputs) if layer == only else None
                return [] if found is None else [found]

            passes.backward_from_outputs(of_this_one)
            for name_of_layer, params in _by_place(model, hooks, model.gradients).items():
                for name, p in params.items():
                    if p.any():
                        sums[plugin.label, scope].add(p, data[name_of_layer][name])
    return sums


def _moved(plugin: RunPlugin, layer: LayerView, arrays: Arrays) -> Collection[str]:
    """The parameters that a penalty moves; what a plugin does not select has a gradient of 0."""
    selected = plugin.selected(layer)
    return [name for name in arrays if selected is None or name in selected]


def _divisors(model: Model, hooks: RunHooks, optimizer: Optimizer) -> ModelArrays | None:
    """What the optimizer's last step was divided by; None if there was none, or nobody knows."""
    if not optimizer.adaptive or not optimizer.iterations:
        return None
    try:
        return _by_place(model, hooks, optimizer.divisor(optimizer.moments))
    except InputError:
        return None  # An outsider's that does not say.


def _by_place(model: Model, hooks: RunHooks, flat: Array) -> dict[str, dict[str, Array]]:
    """Views of a flat array, by layer and parameter."""
    return {
        layer.name: {
            name: flat[model.span(layer.name, name)].reshape(w.shape)
            for name, w in layer.params.items()
        }
        for layer in hooks.layers
    }
