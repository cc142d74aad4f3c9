"""P4: what the hooks add to a step, with 32 plugins that do nothing on small layers."""

import time
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np
import pluggy

import regkit as rk
from regkit import hookspecs

from .figure import Figure
from .rounds import Seconds, interleaved, ratio

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
    seconds["added by 32 plugins"] = [
        a - b for a, b in zip(seconds["with 32 plugins"], seconds["without plugins"], strict=True)
    ]
    to_pluggy = ratio(seconds, "added by 32 plugins", "pluggy alone")
    what = "a hook implementation in a step"
    each = 1e6 / (PLUGINS * LAYERS)
    return [
        Figure("P4", f"{what} ÷ one in pluggy alone", to_pluggy, 1.2, 1.0),
        Figure("P4", what, each * median(seconds["added by 32 plugins"]), unit="µs"),
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rk.errors.RegkitWarning)  # They do nothing, as they should.
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
