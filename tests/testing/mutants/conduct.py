"""Faults of conduct: memory, randomness, output, and runs."""

from collections import Counter

import numpy as np
from testing.mutants.gradients import Squares


class CountsItsCalls(Squares):
    """a value that fades with every call"""

    calls = Counter()
    caught_by = "memoryless"

    def value(self, w):
        self.calls["value"] += 1
        return super().value(w) * (1 + 1e-9 * self.calls["value"])


class CachesByIdentity(Squares):
    """a cache by `id`, stale once the array is updated in place"""

    cache = {}
    caught_by = "memoryless"

    def value(self, w):
        base = w if w.base is None else w.base
        seen, found = self.cache.get("last", (None, None))
        if seen is not base:
            found = super().value(w)
            self.cache["last"] = base, found
        return found


class ReusesTheLastShape(Squares):
    """a buffer made for the first shape and never cleared"""

    buffers = {}
    caught_by = "memoryless"

    def grad(self, w):
        buffer = self.buffers.setdefault((w.shape, w.dtype), np.zeros_like(w))
        buffer *= 1e-3
        buffer += 2 * w
        return buffer.copy()


class DrawsGlobally(Squares):
    """a draw from NumPy's global generator"""

    caught_by = "random-state-untouched"

    def grad(self, w):
        return 2 * w + 0 * np.random.rand()


class Prints(Squares):
    """a forgotten print"""

    caught_by = "quiet"

    def value(self, w):
        print("value of", w.shape)
        return super().value(w)


class FailsOnTheSecondLayer(Squares):
    """a hook that knows one layer by name"""

    caught_by = "training"

    def penalty_grad(self, layer):
        by_layer = {"dense1": 2.0}
        factor = self.strength * by_layer[layer.name]
        return {name: factor * array for name, array in self.selected(layer).items()}


class FailsInFloat32Runs(Squares):
    """a raised error for one dtype, in the mode `loss` of a run only"""

    caught_by = "training"

    def penalty_grad(self, layer):
        if hasattr(layer, "weights") and layer.params["weights"].dtype == np.float32:
            raise TypeError("float64 only")
        return super().penalty_grad(layer)
