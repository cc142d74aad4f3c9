"""P4: what the hooks add to a step, with 32 plugins that do nothing on small layers."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pluggy

import regkit as rk
from regkit import hookspecs

from .figure import Figure
from .rounds import Seconds, interleaved

PLUGINS = 32
LAYERS = 2
STEPS = 500


class DoesNothing:
    """A raw plugin."""

    @rk.hookimpl
    def penalty(self, layer):
        return None

    @rk.hookimpl
    def penalty_grad(self, layer):
        return None


def machinery(rounds: int) -> tuple[list[Figure], Seconds]:
    """P4: a step with the plugins less a step without, beside pluggy alone."""
    seconds = interleaved(
        {
            "with 32 plugins": lambda: _step([DoesNothing() for _ in range(PLUGINS)]),
            "without plugins": lambda: _step([]),
            "pluggy alone": _pluggy_alone(),
        },
        rounds,
    )
    calls = PLUGINS * LAYERS
    added = [
        (a - b) / calls
        for a, b in zip(seconds["with 32 plugins"], seconds["without plugins"], strict=True)
    ]
    alone = [one / calls for one in seconds["pluggy alone"]]
    return [
        Figure("P4", "a hook implementation in a step", 1e6 * median(added), 1.0, 0.6, "µs"),
        Figure("P4", "a hook implementation in pluggy alone", 1e6 * median(alone), unit="µs"),
    ], seconds


def _step(plugins: list[object]) -> float:
    model = rk.Model([rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)], loss=rk.SoftmaxCrossEntropy())
    X, y = np.ones((8, 2)), np.arange(8) % 3
    records = rk.training.steps(
        model,
        X,
        y,
        optimizer=rk.Adam(),
        regularizers=plugins,
        epochs=STEPS,
        log_every=STEPS,
    )
    # Set-up, where plugins are looked at and registered, is over; what is left are steps.
    started = time.perf_counter()
    for _ in records:
        pass
    return (time.perf_counter() - started) / STEPS


def _pluggy_alone() -> Callable[[], float]:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    for _ in range(PLUGINS):
        manager.register(DoesNothing())
    hook = manager.hook.penalty_grad

    def measure() -> float:
        started = time.perf_counter()
        for _ in range(STEPS * LAYERS):
            hook(layer=None)
        return (time.perf_counter() - started) / STEPS

    return measure
